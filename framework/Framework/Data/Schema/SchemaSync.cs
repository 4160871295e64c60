using System.Data.Common;
using Microservices.Data.Dialects;
using Microservices.DocTypes;
using Microsoft.Extensions.Logging;

namespace Microservices.Data.Schema;

/// <summary>The tables cannot be brought to what the DocTypes declare without losing data; the service does not start.</summary>
public sealed class SchemaException(string message) : Exception(message);

/// <summary>
/// Brings the tables to what the DocTypes declare, when the service starts: makes tables, columns and indexes that are missing, and
/// widens text. One replica at a time; doing it again changes nothing. It never drops, narrows or retypes: what would need that stops the start.
/// </summary>
internal sealed partial class SchemaSync(SqlDialect dialect, DocTypeRegistry docTypes, ILogger<SchemaSync> logger)
{
    private const int MaxRowBytes = 60_000; // MariaDB allows 65,535 for the varchars of a row; the rest is for standard columns and lengths
    private const int BytesPerCharacter = 4;

    /// <exception cref="SchemaException">A change would not be additive.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var connection = dialect.DataSource.CreateConnection();
        await using (connection)
        {
            await connection.OpenAsync(cancellationToken);
            await dialect.InitializeAsync(connection, cancellationToken);
            var held = await dialect.LockSchemaAsync(connection, cancellationToken);
            await using (held)
            {
                var existing = await dialect.ReadSchemaAsync(connection, cancellationToken);
                foreach (var statement in Statements(existing).ToList())
                {
                    LogStatement(logger, statement);
                    await ExecuteAsync(connection, statement, cancellationToken);
                }
            }
        }
    }

    private IEnumerable<string> Statements(Dictionary<string, ExistingTable> existing)
    {
        if (!existing.ContainsKey("tabSeries"))
        {
            yield return $"create table `tabSeries` (`tenant_id` {dialect.TenantType}, `name` varchar(140) not null, `current` bigint not null default 0, primary key (`tenant_id`, `name`)){dialect.TableOptions}";
        }

        foreach (var docType in docTypes.All.Where(docType => !docType.Definition.IsVirtual))
        {
            var columns = ColumnTypes(docType);
            var table = existing.GetValueOrDefault(docType.TableName);
            var indexes = Indexes(docType).Where(index => table is null || !table.Indexes.Contains(index.Name)).ToList();
            if (table is null)
            {
                var list = columns.Select(column => $"{SqlDialect.Quote(column.Field.Name)} {column.Type}").Append("primary key (`tenant_id`, `name`)");
                if (dialect.HasIndexesInTables)
                {
                    list = list.Concat(indexes.Select(index => $"{(index.Unique ? "unique " : "")}index {SqlDialect.Quote(index.Name)} ({index.Key})"));
                    indexes = [];
                }

                yield return $"create table {SqlDialect.Quote(docType.TableName)} (`tenant_id` {dialect.TenantType}, {string.Join(", ", list)}){dialect.TableOptions}";
            }
            else
            {
                foreach (var statement in Alterations(docType, table, columns))
                {
                    yield return statement;
                }
            }

            foreach (var (name, key, unique) in indexes)
            {
                yield return $"create {(unique ? "unique " : "")}index {SqlDialect.Quote(name)} on {SqlDialect.Quote(docType.TableName)} ({key})";
            }
        }
    }

    /// <summary>Column types in order. A very wide DocType keeps its later texts outside the row, where MariaDB counts none of their bytes.</summary>
    private List<(DocField Field, string Type)> ColumnTypes(DocType docType)
    {
        var bytes = 0;
        return [.. docType.Columns.Select(field =>
        {
            var type = dialect.ColumnType(field);
            if (ColumnWidth.VarcharLength(type) is { } length)
            {
                bytes += length * BytesPerCharacter;
                if (bytes > MaxRowBytes && !field.IsStandard && !field.Definition.Unique && !field.Definition.SearchIndex)
                {
                    type = "text";
                }
            }

            return (field, type);
        })];
    }

    private IEnumerable<string> Alterations(DocType docType, ExistingTable table, List<(DocField Field, string Type)> columns)
    {
        if (!table.Columns.ContainsKey(StandardFields.TenantId))
        {
            throw new SchemaException($"{docType.TableName} is there and has no tenant_id: the service needs a database of its own.");
        }

        foreach (var (field, type) in columns)
        {
            if (!table.Columns.TryGetValue(field.Name, out var current))
            {
                yield return $"alter table {SqlDialect.Quote(docType.TableName)} add column {SqlDialect.Quote(field.Name)} {type}";
                continue;
            }

            switch (ColumnWidth.Compare(type, current))
            {
                case null:
                    throw new SchemaException(
                        $"{docType.TableName}.{field.Name} is {current} in the database and {type} in the DocType ({docType.Definition.Source}). "
                        + "Changing it could lose data: declare the field as it was, give the new one another name, or migrate the column by hand.");
                case > 0 when dialect.Widen(docType.TableName, field.Name, type) is { } widen:
                    yield return widen;
                    break;
            }
        }
    }

    /// <summary>Indexes, each led by the tenant; the name of a unique one is its field, which errors tell.</summary>
    private IEnumerable<(string Name, string Key, bool Unique)> Indexes(DocType docType)
    {
        // SQLite keeps the names of indexes for a whole database.
        string Named(string name) => dialect.HasSingleWriter ? $"{docType.TableName}.{name}" : name;

        yield return docType.Definition.IsTable
            ? (Named("parent"), "`tenant_id`, `parent`, `parenttype`, `parentfield`, `idx`", false)
            : (Named("modified"), "`tenant_id`, `modified` desc, `name`", false);
        foreach (var field in docType.Columns.Where(field => field.Definition.Unique || field.Definition.SearchIndex))
        {
            var unique = field.Definition.Unique;
            var text = ColumnWidth.VarcharLength(dialect.ColumnType(field)) is null && field.Kind is ValueKind.LongText && !dialect.HasSingleWriter;
            yield return (Named(field.Name), $"`tenant_id`, {SqlDialect.Quote(field.Name)}{(text ? "(140)" : "")}{(unique ? "" : ", `modified` desc, `name`")}", unique);
        }
    }

    private static async Task ExecuteAsync(DbConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0; // an index on a large table takes its time
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(EventId = 1101, Level = LogLevel.Information, Message = "Schema: {Statement}")]
    private static partial void LogStatement(ILogger logger, string statement);
}
