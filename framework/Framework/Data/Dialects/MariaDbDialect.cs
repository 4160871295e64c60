using System.Data.Common;
using System.Globalization;
using Microservices.Data.Schema;
using Microservices.DocTypes;

namespace Microservices.Data.Dialects;

/// <summary>
/// MariaDB 10.8 or newer, over any ADO.NET driver: MySql.Data by default, or the one that is given, such as
/// <c>MySqlConnectorFactory.Instance</c>.
/// </summary>
public sealed class MariaDbDialect : SqlDialect
{
    private const int DefaultLength = 140;
    private const string SchemaLockName = "microservices_schema";

    /// <summary>Uses a server's database, which must exist.</summary>
    /// <param name="factory">The driver. Null: MySql.Data.</param>
    /// <param name="connectionString">Connection string of the driver.</param>
    public MariaDbDialect(string connectionString, DbProviderFactory? factory = null)
    {
        factory ??= MySql.Data.MySqlClient.MySqlClientFactory.Instance;
        var builder = factory.CreateConnectionStringBuilder()!;
        builder.ConnectionString = connectionString;
        // The framework holds its sessions itself: the driver's pool blocks threads when it is empty and costs two round trips an opening.
        builder["Pooling"] = false;
        if (builder is MySql.Data.MySqlClient.MySqlConnectionStringBuilder mysql)
        {
            mysql.CharacterSet = "utf8mb4";
        }

        DataSource = factory.CreateDataSource(builder.ConnectionString);
    }

    /// <inheritdoc/>
    public override DbDataSource DataSource { get; }

    /// <inheritdoc/>
    public override bool IsInProcess => false;

    /// <inheritdoc/>
    public override bool HasSingleWriter => false;

    /// <inheritdoc/>
    public override string? Begin => null;

    /// <inheritdoc/>
    public override string ForUpdate => " for update";

    /// <inheritdoc/>
    public override string TenantType => $"varchar({Security.Tenant.MaxLength}) character set ascii collate ascii_bin not null";

    /// <inheritdoc/>
    // The collation without "520" takes all emoji, and all else beyond the basic plane, for the same character.
    public override string TableOptions => " engine=InnoDB row_format=dynamic default charset=utf8mb4 collate=utf8mb4_unicode_520_nopad_ci";

    /// <inheritdoc/>
    public override string NextCounter => """
        insert into `tabSeries` (`tenant_id`, `name`, `current`) values (@p0, @p1, 1)
        on duplicate key update `current` = `current` + 1 returning `current`
        """;

    /// <inheritdoc/>
    internal override string OrUpdate => "on duplicate key update";

    /// <inheritdoc/>
    public override async Task InitializeAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        var command = connection.CreateCommand();
        await using (command)
        {
            // Strict: what does not fit is an error, never cut in silence. UTC inside. A statement ends after 30 s whatever it does.
            command.CommandText = """
                set names utf8mb4 collate utf8mb4_unicode_520_nopad_ci, time_zone = '+00:00',
                    sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',
                    max_statement_time = 30, innodb_lock_wait_timeout = 10
                """;
            await command.ExecuteNonQueryAsync(cancellationToken);
            command.CommandText = "set session transaction isolation level read committed";
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public override string ColumnType(DocField field)
    {
        var definition = field.Definition;
        return field.Kind switch
        {
            ValueKind.Integer when field.Name == StandardFields.DocStatus => "tinyint not null default 0",
            ValueKind.Integer => definition.Length > 11 ? "bigint not null default 0" : "int not null default 0",
            ValueKind.Check => "tinyint not null default 0",
            ValueKind.Decimal when definition.Type is FieldType.Rating => "decimal(3,2) not null default 0",
            ValueKind.Decimal => "decimal(21,9)" + (definition.Type.IsNeverNull ? " not null default 0" : ""),
            ValueKind.Date => "date",
            ValueKind.Datetime => "datetime(6)",
            ValueKind.Time => "time(6)",
            ValueKind.Text => $"varchar({Length(definition)})" + (field.Name == StandardFields.Name ? " not null" : ""),
            _ => definition.Type is FieldType.SmallText or FieldType.Text or FieldType.Attach or FieldType.AttachImage or FieldType.Password ? "text" : "longtext",
        };
    }

    /// <inheritdoc/>
    internal override bool HasIndexesInTables => true;

    /// <inheritdoc/>
    public override async Task<IAsyncDisposable> LockSchemaAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        if (Convert.ToInt64(await ScalarAsync(connection, $"select get_lock('{SchemaLockName}', 120)"), CultureInfo.InvariantCulture) != 1)
        {
            throw new SchemaException("Another replica has held the schema lock for two minutes.");
        }

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
                select table_name, 'column', column_name, lower(column_type) from information_schema.columns where table_schema = database()
                union all
                select distinct table_name, 'index', index_name, '' from information_schema.statistics where table_schema = database()
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
    internal override string? Widen(string table, string column, string columnType) =>
        $"alter table {Quote(table)} modify column {Quote(column)} {columnType}";

    /// <inheritdoc/>
    // Times are text, as NULL is to the driver, so that a field that is now empty and now not needs one statement only.
    public override object ToParameter(object value) => value switch
    {
        bool flag => flag ? 1L : 0L,
        int number => (long)number,
        DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        TimeSpan time => time.ToString(@"hh\:mm\:ss\.ffffff", CultureInfo.InvariantCulture),
        _ => value,
    };

    /// <inheritdoc/>
    public override decimal GetDecimal(DbDataReader reader, int ordinal) => reader.GetDecimal(ordinal);

    /// <inheritdoc/>
    public override DateOnly GetDate(DbDataReader reader, int ordinal) => DateOnly.FromDateTime(reader.GetDateTime(ordinal));

    /// <inheritdoc/>
    public override DateTime GetDateTime(DbDataReader reader, int ordinal) => reader.GetDateTime(ordinal);

    /// <inheritdoc/>
    public override TimeSpan GetTime(DbDataReader reader, int ordinal) => reader.GetFieldValue<TimeSpan>(ordinal);

    /// <inheritdoc/>
    internal override (string Before, string After) Joined(string column, string order) => ($"select group_concat({column} order by {order})", "");

    /// <inheritdoc/>
    internal override (string Before, string Between, string After) Arithmetic(ArithmeticOperator operation) => operation switch
    {
        ArithmeticOperator.Add => ("(", "+", ")"),
        ArithmeticOperator.Subtract => ("(", "-", ")"),
        ArithmeticOperator.Multiply => ("(", "*", ")"),
        _ => ("round(", "/", ",9)"),
    };

    /// <inheritdoc/>
    public override DatabaseFault Classify(DbException exception)
    {
        // Both drivers keep the server's error number in a property or in Data; neither has it in DbException.
        var number = exception is MySql.Data.MySqlClient.MySqlException error ? error.Number
            : exception.Data["Server Error Code"] is int code ? code
            : 0;
        return number switch
        {
            1062 => new(FaultKind.Duplicate, KeyOf(exception.Message)),
            1205 or 1213 or 1969 or 3024 => new(FaultKind.Busy), // lock wait, deadlock, statement time (MariaDB, MySQL)
            0 or 1040 or 1042 or 1044 or 1045 or 1049 or 1053 or 1927 or 2002 or 2003 or 2006 or 2013 => new(FaultKind.Unavailable),
            _ => new(FaultKind.Other),
        };
    }

    private static int Length(FieldDefinition definition) => definition.Length > 0 ? Math.Max(definition.Length, 64) : DefaultLength;

    // "Duplicate entry 'a-b' for key 'PRIMARY'"; newer servers write 'table.key'.
    private static string KeyOf(string message)
    {
        var end = message.LastIndexOf('\'');
        var start = end > 0 ? message.LastIndexOf('\'', end - 1) : -1;
        var key = start >= 0 ? message[(start + 1)..end] : "";
        return key[(key.LastIndexOf('.') + 1)..];
    }

    private static async Task<object?> ScalarAsync(DbConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        await using (command)
        {
            command.CommandText = sql;
            command.CommandTimeout = 0;
            return await command.ExecuteScalarAsync();
        }
    }

    private sealed class SchemaLock(DbConnection connection) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await ScalarAsync(connection, $"select release_lock('{SchemaLockName}')");
    }
}
