using System.Text.Json;
using Microservices.Data;
using Microservices.Data.Queries;
using Microservices.DocTypes;
using Microservices.Errors;

namespace Microservices.Resources.Lists;

/// <summary>What a list knows when its rows are written.</summary>
/// <param name="HasNextPage">Whether there are more rows.</param>
/// <param name="NextCursor">Where they begin; null when there are none, or no cursor was asked for.</param>
/// <param name="Sql">The statement, without its values.</param>
internal readonly record struct ListOutcome(bool HasNextPage, string? NextCursor, string Sql);

/// <summary>Writes the rows of a list as JSON, straight from the database where nothing has to be added to them.</summary>
internal static class ListRows
{
    /// <summary>Writes the array of rows.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="db">The database, with the caller whose permissions apply.</param>
    /// <param name="docType">What is listed.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="afterRow">Called after each row, to send what has gathered. Null: nothing.</param>
    /// <param name="cancellationToken">Ends the wait for a session.</param>
    /// <exception cref="DataException">The request names something that is not there.</exception>
    /// <exception cref="PermissionException">The caller may not list it.</exception>
    public static async Task<ListOutcome> WriteAsync(Utf8JsonWriter writer, TenantDb db, DocType docType, ListRequest request, Func<ValueTask>? afterRow, CancellationToken cancellationToken)
    {
        var limit = request.Query.Limit;
        // One row more than the page tells whether there are more.
        var (query, lister) = await ListPermissions.ApplyAsync(db, docType, request.LooksAhead ? request.Query with { Limit = limit + 1 } : request.Query, cancellationToken);
        var statement = SelectStatement.Build(db, docType, query, lister);
        var sql = statement.Sql.ToString();
        if (statement.Nested.Count > 0 || request.Expand.Count > 0)
        {
            var page = await RichPage.ReadAsync(db, docType, request, statement, sql, cancellationToken);
            page.Write(writer, request.AsDict);
            return page.Outcome;
        }

        writer.WriteStartArray();
        var rows = 0;
        string? next = null;
        try
        {
            await using var result = await db.UnitOfWork.QueryAsync(sql, statement.Sql.Values, cancellationToken);
            while (rows <= limit && result.Read())
            {
                if (++rows > limit)
                {
                    break;
                }

                WriteRow(writer, result, statement.Columns, request.AsDict, db);
                if (rows == limit)
                {
                    next = statement.Cursor?.After(result.Row, statement.Columns.Count, db.UnitOfWork.Dialect);
                }

                if (afterRow is not null)
                {
                    await afterRow();
                }
            }
        }
        catch (DatabaseException exception) when (statement.IsRefusal(exception))
        {
            throw ListStatement.Refusal();
        }

        writer.WriteEndArray();
        return new ListOutcome(rows > limit, rows > limit ? next : null, sql);
    }

    private static void WriteRow(Utf8JsonWriter writer, QueryResult result, List<SelectColumn> columns, bool asDict, TenantDb db)
    {
        if (asDict)
        {
            writer.WriteStartObject();
        }
        else
        {
            writer.WriteStartArray();
        }

        for (var i = 0; i < columns.Count; i++)
        {
            if (asDict)
            {
                writer.WritePropertyName(columns[i].JsonName);
            }

            if (result.Row.IsDBNull(i))
            {
                writer.WriteNullValue();
            }
            else if (columns[i].IsSecret)
            {
                writer.WriteStringValue(DocumentJson.Asterisks);
            }
            else if (columns[i] is { Field.IsNumberName: true, IsComputed: false })
            {
                FrappeJson.WriteNumberName(writer, result.Row.GetString(i));
            }
            else
            {
                FrappeJson.Write(writer, result.Row, i, columns[i].Kind, db.UnitOfWork.Dialect);
            }
        }

        if (asDict)
        {
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteEndArray();
        }
    }
}
