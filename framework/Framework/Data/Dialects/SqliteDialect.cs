using System.Data.Common;
using System.Globalization;
using Microservices.Data.Schema;
using Microservices.DocTypes;
using Microsoft.Data.Sqlite;

namespace Microservices.Data.Dialects;

/// <summary>
/// SQLite, the embedded default. Times are text that sorts as time, decimals are text with a collation that compares numbers, so
/// both are exact; text compares as in the MariaDB dialect.
/// </summary>
public sealed class SqliteDialect : SqlDialect
{
    private const int ConstraintCode = 19;
    private const int BusyCode = 5;
    private const int LockedCode = 6;
    private const string DateTimeFormat = "yyyy-MM-dd HH:mm:ss.ffffff";
    private const string TimeFormat = @"hh\:mm\:ss\.ffffff";

    static SqliteDialect() => SqliteLibrary.Initialize();

    /// <summary>Opens a database file, made when it is not there.</summary>
    /// <param name="connectionString">Connection string of Microsoft.Data.Sqlite; <c>Data Source</c> names the file.</param>
    public SqliteDialect(string connectionString)
    {
        // The framework holds its sessions itself, so the driver's pool would only hide when a file is closed.
        var builder = new SqliteConnectionStringBuilder(connectionString) { Pooling = false };
        DataSource = new SqliteDataSource(builder.ConnectionString);
    }

    /// <inheritdoc/>
    public override DbDataSource DataSource { get; }

    /// <inheritdoc/>
    public override bool IsInProcess => true;

    /// <inheritdoc/>
    public override bool HasSingleWriter => true;

    /// <inheritdoc/>
    public override string? Begin => "begin immediate";

    /// <inheritdoc/>
    public override string ForUpdate => "";

    /// <inheritdoc/>
    public override string TenantType => "text not null";

    /// <inheritdoc/>
    public override string TableOptions => " without rowid";

    /// <inheritdoc/>
    public override string NextCounter => """
        insert into `tabSeries` (`tenant_id`, `name`, `current`) values (@p0, @p1, 1)
        on conflict (`tenant_id`, `name`) do update set `current` = `current` + 1 returning `current`
        """;

    /// <inheritdoc/>
    internal override string OrUpdate => "on conflict (`tenant_id`, `name`) do update set";

    /// <inheritdoc/>
    public override async Task InitializeAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        SqliteFunctions.Register((SqliteConnection)connection);
        var command = connection.CreateCommand();
        await using (command)
        {
            // synchronous=full: a commit that was answered survives a power cut. A wait for the file lock of another process ends after ten seconds.
            command.CommandText = "pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 10000; pragma foreign_keys = off;";
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    // All but integers are TEXT to SQLite; the first word says what is in it, so that another type is noticed.
    public override string ColumnType(DocField field) => field.Kind switch
    {
        ValueKind.Integer or ValueKind.Check => "integer not null default 0",
        ValueKind.Decimal when field.Definition.Type.IsNeverNull => $"decimal_text collate {SqliteFunctions.DecimalCollation} not null default '0'",
        ValueKind.Decimal => $"decimal_text collate {SqliteFunctions.DecimalCollation}",
        ValueKind.Date => "date_text",
        ValueKind.Datetime => "datetime_text",
        ValueKind.Time => "time_text",
        _ when field.Name == StandardFields.Name => $"text collate {SqliteFunctions.TextCollation} not null",
        _ => $"text collate {SqliteFunctions.TextCollation}",
    };

    /// <inheritdoc/>
    public override async Task<IAsyncDisposable> LockSchemaAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await ExecuteAsync(connection, "begin exclusive");
        return new SchemaLock(connection);
    }

    /// <inheritdoc/>
    internal override async Task<Dictionary<string, ExistingTable>> ReadSchemaAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        var tables = new Dictionary<string, ExistingTable>(StringComparer.OrdinalIgnoreCase);
        var command = connection.CreateCommand();
        await using (command)
        {
            command.CommandText = """
                select m.name, 'column', c.name, lower(c.type) from sqlite_master m, pragma_table_info(m.name) c where m.type = 'table'
                union all
                select m.tbl_name, 'index', m.name, '' from sqlite_master m where m.type = 'index'
                """;
            var reader = await command.ExecuteReaderAsync(cancellationToken);
            await using (reader)
            {
                while (await reader.ReadAsync(cancellationToken))
                {
                    if (!tables.TryGetValue(reader.GetString(0), out var table))
                    {
                        tables.Add(reader.GetString(0), table = new ExistingTable());
                    }

                    if (reader.GetString(1) == "column")
                    {
                        table.Columns[reader.GetString(2)] = reader.GetString(3);
                    }
                    else
                    {
                        table.Indexes.Add(reader.GetString(2));
                    }
                }
            }
        }

        return tables;
    }

    /// <inheritdoc/>
    internal override string? Widen(string table, string column, string columnType) => null;

    /// <inheritdoc/>
    public override object ToParameter(object value) => value switch
    {
        decimal number => SqliteFunctions.Format(number),
        bool flag => flag ? 1L : 0L,
        DateTime time => time.ToString(DateTimeFormat, CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        TimeSpan time => time.ToString(TimeFormat, CultureInfo.InvariantCulture),
        _ => value,
    };

    /// <inheritdoc/>
    public override decimal GetDecimal(DbDataReader reader, int ordinal) =>
        reader.GetFieldType(ordinal) == typeof(string)
            ? decimal.Parse(reader.GetString(ordinal), NumberStyles.Float, CultureInfo.InvariantCulture)
            : reader.GetDecimal(ordinal);

    /// <inheritdoc/>
    public override DateOnly GetDate(DbDataReader reader, int ordinal) =>
        DateOnly.ParseExact(reader.GetString(ordinal).AsSpan(0, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override DateTime GetDateTime(DbDataReader reader, int ordinal) =>
        DateTime.ParseExact(reader.GetString(ordinal), DateTimeFormat, CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override TimeSpan GetTime(DbDataReader reader, int ordinal) =>
        TimeSpan.ParseExact(reader.GetString(ordinal), TimeFormat, CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    internal override (string Before, string Between, string After) Arithmetic(ArithmeticOperator operation) => operation switch
    {
        ArithmeticOperator.Add => ("exact_add(", ",", ")"),
        ArithmeticOperator.Subtract => ("exact_subtract(", ",", ")"),
        ArithmeticOperator.Multiply => ("exact_multiply(", ",", ")"),
        _ => ("exact_divide(", ",", ")"),
    };

    // An order inside group_concat is for SQLite 3.44 and newer.
    /// <inheritdoc/>
    internal override (string Before, string After) Joined(string column, string order) =>
        ($"select group_concat(`joined`) from (select {column} as `joined`", $" order by {order})");

    /// <inheritdoc/>
    internal override string DecimalResult => $" collate {SqliteFunctions.DecimalCollation}";

    /// <inheritdoc/>
    public override DatabaseFault Classify(DbException exception) => exception is not SqliteException error
        ? new(FaultKind.Other)
        : error.SqliteErrorCode switch
        {
            ConstraintCode when error.Message.Contains("UNIQUE", StringComparison.Ordinal) => new(FaultKind.Duplicate, KeyOf(error.Message)),
            BusyCode or LockedCode => new(FaultKind.Busy),
            10 or 13 or 14 => new(FaultKind.Unavailable), // I/O error, disk full, cannot open
            _ => new(FaultKind.Other),
        };

    // "UNIQUE constraint failed: tabItem.tenant_id, tabItem.item_code": the last column is the one that matters.
    private static string KeyOf(string message)
    {
        var end = message.LastIndexOf('\'');
        var text = end > 0 ? message[..end] : message;
        var column = text[(text.LastIndexOf('.') + 1)..];
        return column == StandardFields.Name ? "PRIMARY" : column;
    }

    private static async Task ExecuteAsync(DbConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        await using (command)
        {
            command.CommandText = sql;
            await command.ExecuteNonQueryAsync();
        }
    }

    private sealed class SchemaLock(DbConnection connection) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await ExecuteAsync(connection, "commit");
    }

    private sealed class SqliteDataSource(string connectionString) : DbDataSource
    {
        public override string ConnectionString => connectionString;

        protected override DbConnection CreateDbConnection() => new SqliteConnection(connectionString);
    }
}
