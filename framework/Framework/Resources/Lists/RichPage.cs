using System.Text.Json;
using Microservices.Data;
using Microservices.Data.Queries;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Errors;
using Microservices.Security;

namespace Microservices.Resources.Lists;

/// <summary>
/// A page whose rows carry child rows or linked documents: it is read whole, then one query for each table and each link brings the rest.
/// </summary>
internal sealed class RichPage
{
    // The values of one IN list; a page may have more rows.
    private const int MaxNames = 1000;

    private readonly List<object?[]> _rows = [];
    private readonly List<SelectColumn> _columns;
    private readonly List<(NestedRows Rows, Dictionary<string, List<object?[]>> ByParent)> _nested = [];
    private readonly Dictionary<int, Dictionary<string, (List<SelectColumn> Columns, object?[] Values)>> _linked = [];
    private readonly int _nameOrdinal;

    private RichPage(ListStatement statement) => (_columns, _nameOrdinal) = (statement.Columns, statement.NameOrdinal);

    /// <summary>What the page knows of the next one.</summary>
    public ListOutcome Outcome { get; private set; }

    public static async Task<RichPage> ReadAsync(TenantDb db, DocType docType, ListRequest request, ListStatement statement, string sql, CancellationToken cancellationToken)
    {
        if (statement.Nested.Count > 0 && !request.AsDict)
        {
            throw new DataException($"The rows of {statement.Nested[0].Table.Name} are answered in objects only: leave out as_dict");
        }

        var links = Links(docType, request, statement);
        var page = new RichPage(statement);
        await page.ReadRowsAsync(db, request, statement, sql, cancellationToken);
        foreach (var nested in statement.Nested)
        {
            await page.ReadNestedAsync(db, docType, nested, cancellationToken);
        }

        foreach (var (ordinal, target) in links)
        {
            await page.ReadLinkedAsync(db, ordinal, target, cancellationToken);
        }

        return page;
    }

    /// <summary>Writes the array of rows.</summary>
    public void Write(Utf8JsonWriter writer, bool asDict)
    {
        writer.WriteStartArray();
        foreach (var row in _rows)
        {
            if (!asDict)
            {
                writer.WriteStartArray();
                WriteValues(writer, row, asDict);
                writer.WriteEndArray();
                continue;
            }

            writer.WriteStartObject();
            WriteValues(writer, row, asDict);
            foreach (var (nested, byParent) in _nested)
            {
                writer.WriteStartArray(nested.Table.JsonName);
                foreach (var child in byParent.GetValueOrDefault((string)row[_nameOrdinal]!) ?? [])
                {
                    writer.WriteStartObject();
                    for (var i = 0; i < nested.Columns.Length; i++)
                    {
                        writer.WritePropertyName(nested.Columns[i].JsonName);
                        WriteValue(writer, child[i], nested.Columns[i].Definition.Type is FieldType.Password);
                    }

                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>The columns to expand, with what they link to; what is not among the fields is passed over, as in Frappe.</summary>
    private static List<(int Ordinal, DocType Target)> Links(DocType docType, ListRequest request, ListStatement statement)
    {
        var links = new List<(int, DocType)>();
        foreach (var name in request.Expand.Distinct())
        {
            if (docType.Column(name) is not { Definition.Type: FieldType.Link } link)
            {
                throw new DataException($"expand names links of {docType.Name}, and {name} is none");
            }

            var target = QueryScope.LinkTarget(link);
            if (statement.Columns.FindIndex(column => column.Field == link && column.Alias == name) is var ordinal and >= 0)
            {
                links.Add((ordinal, target));
            }
        }

        return links;
    }

    private async Task ReadRowsAsync(TenantDb db, ListRequest request, ListStatement statement, string sql, CancellationToken cancellationToken)
    {
        var dialect = db.UnitOfWork.Dialect;
        var limit = request.Query.Limit;
        var (hasNext, next) = (false, (string?)null);
        try
        {
            await using var result = await db.UnitOfWork.QueryAsync(sql, statement.Sql.Values, cancellationToken);
            while (result.Read())
            {
                if (_rows.Count == limit)
                {
                    hasNext = true;
                    break;
                }

                var row = new object?[_nameOrdinal + 1];
                for (var i = 0; i < _columns.Count; i++)
                {
                    row[i] = dialect.Read(result.Row, i, _columns[i].Kind);
                }

                row[_nameOrdinal] = statement.Nested.Count > 0 ? result.Row.GetString(_nameOrdinal) : null;
                _rows.Add(row);
                if (_rows.Count == limit)
                {
                    next = statement.Cursor?.After(result.Row, _columns.Count, dialect);
                }
            }
        }
        catch (DatabaseException exception) when (statement.IsRefusal(exception))
        {
            throw ListStatement.Refusal();
        }

        Outcome = new ListOutcome(hasNext, hasNext ? next : null, sql);
    }

    private async Task ReadNestedAsync(TenantDb db, DocType docType, NestedRows nested, CancellationToken cancellationToken)
    {
        var byParent = new Dictionary<string, List<object?[]>>(StringComparer.Ordinal);
        foreach (var names in Chunks(_rows.Select(row => (string)row[_nameOrdinal]!)))
        {
            var statement = NestedStatement.Build(db, docType, nested, names);
            await using var result = await db.UnitOfWork.QueryAsync(statement.ToString(), statement.Values, cancellationToken);
            while (result.Read())
            {
                var values = new object?[nested.Columns.Length];
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = db.UnitOfWork.Dialect.Read(result.Row, i + 1, nested.Columns[i].Kind);
                }

                var parent = result.Row.GetString(0);
                if (!byParent.TryGetValue(parent, out var rows))
                {
                    byParent.Add(parent, rows = []);
                }

                rows.Add(values);
            }
        }

        _nested.Add((nested, byParent));
    }

    // A document that the caller may not read stays a name.
    private async Task ReadLinkedAsync(TenantDb db, int ordinal, DocType target, CancellationToken cancellationToken)
    {
        var byName = new Dictionary<string, (List<SelectColumn>, object?[])>(StringComparer.OrdinalIgnoreCase);
        _linked.Add(ordinal, byName);
        if (AttachedRecords.Are(target) || !Access.Of(db.User, target).MayHave(Rights.Read))
        {
            return;
        }

        foreach (var names in Chunks(_rows.Select(row => row[ordinal]).OfType<string>()))
        {
            var (query, lister) = await ListPermissions.ApplyAsync(
                db, target, new ListQuery { Fields = ["*"], Filters = [new Filter(StandardFields.Name, "in", names)], Limit = names.Length }, cancellationToken);
            var statement = SelectStatement.Build(db, target, query, lister);
            var name = statement.Columns.FindIndex(column => column.Alias == StandardFields.Name);
            await using var result = await db.UnitOfWork.QueryAsync(statement.Sql.ToString(), statement.Sql.Values, cancellationToken);
            while (result.Read())
            {
                var values = new object?[statement.Columns.Count];
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = db.UnitOfWork.Dialect.Read(result.Row, i, statement.Columns[i].Kind);
                }

                byName[(string)values[name]!] = (statement.Columns, values);
            }
        }
    }

    /// <summary>Names in lists of a power of two, the last one repeated, so that there are few statements to prepare.</summary>
    private static IEnumerable<string[]> Chunks(IEnumerable<string> names) =>
        names.Distinct(StringComparer.Ordinal).Chunk(MaxNames).Select(chunk =>
        {
            var size = Math.Min(MaxNames, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)chunk.Length));
            return (string[])[.. chunk, .. Enumerable.Repeat(chunk[^1], size - chunk.Length)];
        });

    private void WriteValues(Utf8JsonWriter writer, object?[] row, bool asDict)
    {
        for (var i = 0; i < _columns.Count; i++)
        {
            if (asDict)
            {
                writer.WritePropertyName(_columns[i].JsonName);
            }

            if (row[i] is string link && _linked.TryGetValue(i, out var byName) && byName.TryGetValue(link, out var linked))
            {
                WriteLinked(writer, linked.Columns, linked.Values);
            }
            else
            {
                WriteValue(writer, row[i], _columns[i].IsSecret);
            }
        }
    }

    private static void WriteLinked(Utf8JsonWriter writer, List<SelectColumn> columns, object?[] values)
    {
        writer.WriteStartObject();
        for (var i = 0; i < columns.Count; i++)
        {
            writer.WritePropertyName(columns[i].JsonName);
            WriteValue(writer, values[i], columns[i].IsSecret);
        }

        writer.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter writer, object? value, bool isSecret) =>
        FrappeJson.Write(writer, value is not null && isSecret ? DocumentJson.Asterisks : value);
}
