using System.Net.Http.Headers;
using Microservices.Data;
using Microservices.Data.Queries;
using Microservices.DocTypes;
using Microservices.Errors;
using Microservices.Security;
using Microsoft.AspNetCore.Http;

namespace Microservices.Resources.Lists;

/// <summary>A list as a CSV file, for callers with the export right.</summary>
/// <remarks>RFC 4180, with a header line. A bound that cuts rows off is told instead of a file that looks whole.</remarks>
internal static class CsvExport
{
    // Until then an error can still be told; beyond, memory is dearer than a session.
    private const int MaxGatheredBytes = 4 * 1024 * 1024;

    public static async Task AnswerAsync(HttpContext context, TenantDb db, DocType docType, ListRequest request, int maxRows)
    {
        var owner = request.Query.Parent.Length > 0 ? db.DocTypes.Get(request.Query.Parent) : docType;
        Access.Of(db.User, owner).Require(Rights.Export);
        if (request.Expand.Count > 0 || request.Query.Cursor is not null)
        {
            throw new DataException("A CSV file has neither expand nor cursor");
        }

        var (query, lister) = await ListPermissions.ApplyAsync(db, docType, request.Query with { Limit = request.HasLimit ? Math.Min(request.Query.Limit, maxRows) : maxRows }, context.RequestAborted);
        var statement = SelectStatement.Build(db, docType, query, lister);
        if (statement.Nested.Count > 0)
        {
            throw new DataException($"A CSV file has no rows of {statement.Nested[0].Table.Name} inside its rows: list {statement.Nested[0].Table.Name}.field");
        }

        if (!request.HasLimit || request.IsCapped)
        {
            await RequireFitAsync(db, docType, query, maxRows, context.RequestAborted);
        }

        using var csv = new CsvWriter();
        csv.WriteLine(statement.Columns);
        try
        {
            await using var result = await db.UnitOfWork.QueryAsync(statement.Sql.ToString(), statement.Sql.Values, context.RequestAborted);
            while (result.Read())
            {
                csv.WriteLine(result.Row, statement.Columns, db.UnitOfWork.Dialect);
                if (csv.Buffer.Count > MaxGatheredBytes)
                {
                    await SendAsync(context, docType, csv);
                }
            }
        }
        catch (DatabaseException exception) when (statement.IsRefusal(exception))
        {
            throw ListStatement.Refusal();
        }

        if (!context.Response.HasStarted)
        {
            context.Response.ContentLength = csv.Buffer.Count;
        }

        await SendAsync(context, docType, csv);
    }

    private static async Task RequireFitAsync(TenantDb db, DocType docType, ListQuery query, int maxRows, CancellationToken cancellationToken)
    {
        var end = (int)Math.Min((long)maxRows + query.Offset, int.MaxValue - 1);
        if (await ListCount.CountAsync(db, docType, query, end + 1, distinct: false, cancellationToken) > end)
        {
            throw new DataException($"The file would hold more than {maxRows} rows: narrow the filters, or ask for parts with limit and limit_start");
        }
    }

    private static async ValueTask SendAsync(HttpContext context, DocType docType, CsvWriter csv)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.StatusCode = StatusCodes.Status200OK;
            context.Response.ContentType = "text/csv; charset=utf-8; header=present";
            context.Response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = $"{docType.Slug}.csv" }.ToString();
        }

        await context.Response.BodyWriter.WriteAsync(csv.Buffer.Written, context.RequestAborted);
        csv.Buffer.Clear();
    }
}
