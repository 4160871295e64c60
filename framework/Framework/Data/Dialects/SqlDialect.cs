using System.Data.Common;
using Microservices.Data.Schema;
using Microservices.DocTypes;

namespace Microservices.Data.Dialects;

/// <summary>What differs between databases. Everything else is written once, over ADO.NET's own types.</summary>
public abstract class SqlDialect
{
    /// <summary>Opens connections.</summary>
    public abstract DbDataSource DataSource { get; }

    /// <summary>Whether calls run in this process, so that there is nothing to await.</summary>
    public abstract bool IsInProcess { get; }

    /// <summary>Whether only one transaction may write at a time.</summary>
    public abstract bool HasSingleWriter { get; }

    /// <summary>
    /// Starts a transaction that will write. Null, for databases that take <c>set autocommit = 0</c>, saves the round trip: the sessions of
    /// transactions have it off, so that the first statement starts one.
    /// </summary>
    public abstract string? Begin { get; }

    /// <summary>Appended to a SELECT to lock what it reads until the end of the transaction.</summary>
    public abstract string ForUpdate { get; }

    /// <summary>Prepares a new connection for its session.</summary>
    public abstract Task InitializeAsync(DbConnection connection, CancellationToken cancellationToken);

    /// <summary>Type of the column <c>tenant_id</c>.</summary>
    public abstract string TenantType { get; }

    /// <summary>Type and constraint of a field's column.</summary>
    public abstract string ColumnType(DocField field);

    /// <summary>Statement that makes a counter row for (@p0 tenant, @p1 key) or adds one to it, and returns the new number.</summary>
    public abstract string NextCounter { get; }

    /// <summary>What stands in an INSERT between the row and the assignments that are made instead when there is a row of its tenant and name.</summary>
    internal abstract string OrUpdate { get; }

    /// <summary>What stands after the closing bracket of CREATE TABLE.</summary>
    public abstract string TableOptions { get; }

    /// <summary>Holds the lock that lets one replica change the schema at a time.</summary>
    public abstract Task<IAsyncDisposable> LockSchemaAsync(DbConnection connection, CancellationToken cancellationToken);

    /// <summary>Whether CREATE TABLE takes indexes: one statement for a table in place of several.</summary>
    internal virtual bool HasIndexesInTables => false;

    /// <summary>The columns and indexes of the tables that are there now, by table name.</summary>
    internal abstract Task<Dictionary<string, ExistingTable>> ReadSchemaAsync(DbConnection connection, CancellationToken cancellationToken);

    /// <summary>Statements that widen a text column, or null when the database does not limit its length.</summary>
    internal abstract string? Widen(string table, string column, string columnType);

    /// <summary>Gives a value the form that the driver stores.</summary>
    public abstract object ToParameter(object value);

    /// <summary>Reads an exact decimal.</summary>
    public abstract decimal GetDecimal(DbDataReader reader, int ordinal);

    /// <summary>Reads a date.</summary>
    public abstract DateOnly GetDate(DbDataReader reader, int ordinal);

    /// <summary>Reads a time, to the microsecond.</summary>
    public abstract DateTime GetDateTime(DbDataReader reader, int ordinal);

    /// <summary>Reads a time of day.</summary>
    public abstract TimeSpan GetTime(DbDataReader reader, int ordinal);

    /// <summary>What stands before, between and after the operands of exact arithmetic.</summary>
    internal abstract (string Before, string Between, string After) Arithmetic(ArithmeticOperator operation);

    /// <summary>What stands before and after the FROM and WHERE of a query that joins the texts of its rows by commas, in an order.</summary>
    internal abstract (string Before, string After) Joined(string column, string order);

    /// <summary>Appended to a computed decimal, so that it sorts as a number.</summary>
    internal virtual string DecimalResult => "";

    /// <summary>What a driver's exception means.</summary>
    public abstract DatabaseFault Classify(DbException exception);

    /// <summary>Writes a name as an identifier. Both databases take backticks.</summary>
    public static string Quote(string identifier) => $"`{identifier.Replace("`", "``", StringComparison.Ordinal)}`";

    /// <summary>Reads a column as the .NET value of its kind; null for NULL.</summary>
    public object? Read(DbDataReader reader, int ordinal, ValueKind kind) => reader.IsDBNull(ordinal) ? null : kind switch
    {
        ValueKind.Integer => reader.GetInt64(ordinal),
        ValueKind.Check => reader.GetInt64(ordinal) != 0,
        ValueKind.Decimal => GetDecimal(reader, ordinal),
        ValueKind.Date => GetDate(reader, ordinal),
        ValueKind.Datetime => GetDateTime(reader, ordinal),
        ValueKind.Time => GetTime(reader, ordinal),
        _ => reader.GetString(ordinal),
    };
}

/// <summary>The four operations.</summary>
internal enum ArithmeticOperator
{
    /// <summary>Sum.</summary>
    Add,

    /// <summary>Difference.</summary>
    Subtract,

    /// <summary>Product.</summary>
    Multiply,

    /// <summary>Quotient, rounded to the digits that columns keep.</summary>
    Divide,
}

/// <summary>What went wrong in the database, as far as the framework acts on it.</summary>
public enum FaultKind
{
    /// <summary>Anything else: a defect or an unknown condition.</summary>
    Other,

    /// <summary>A primary or unique key has the value already.</summary>
    Duplicate,

    /// <summary>Deadlock, lock wait or a statement that ran too long: the same request may succeed later.</summary>
    Busy,

    /// <summary>The server cannot be reached or the connection broke.</summary>
    Unavailable,
}

/// <summary>A classified database error.</summary>
/// <param name="Kind">What it means.</param>
/// <param name="Key">For a duplicate: the key, <c>PRIMARY</c> or the name of the unique index or column.</param>
public readonly record struct DatabaseFault(FaultKind Kind, string Key = "");
