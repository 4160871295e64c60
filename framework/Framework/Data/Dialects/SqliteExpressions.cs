using System.Globalization;
using System.Text.RegularExpressions;
using Microservices.Data.Queries;
using Microsoft.Data.Sqlite;

namespace Microservices.Data.Dialects;

/// <summary>MariaDB's functions that lists compute with and SQLite lacks or has otherwise, and arithmetic that is exact.</summary>
internal static class SqliteExpressions
{
    private const NumberStyles Style = NumberStyles.Float;

    public static void Register(SqliteConnection connection)
    {
        Number(connection, "exact_add", decimal.Add);
        Number(connection, "exact_subtract", decimal.Subtract);
        Number(connection, "exact_multiply", decimal.Multiply);
        Number(connection, "exact_divide", (left, right) => right == 0 ? null : Math.Round(left / right, DocTypes.FieldValue.DecimalScale, MidpointRounding.AwayFromZero));
        connection.CreateFunction<object?, object?>("abs", value => value is long whole ? Math.Abs(whole) : Decimal(value) is { } number ? SqliteFunctions.Format(Math.Abs(number)) : null, isDeterministic: true);
        connection.CreateFunction("concat", (object?[] parts) => parts.Contains(null) ? null : string.Concat(parts.Select(part => Convert.ToString(part, CultureInfo.InvariantCulture))), isDeterministic: true);
        connection.CreateFunction("locate", (string? part, string? text) => part is null || text is null ? (long?)null : text.IndexOf(part, StringComparison.OrdinalIgnoreCase) + 1, isDeterministic: true);
        connection.CreateFunction("regexp", (string? pattern, string? text) => pattern is null || text is null ? (bool?)null : Regex.IsMatch(text, pattern, RegexPattern.Options, RegexPattern.Timeout), isDeterministic: true);

        Date(connection, "year", time => time.Year);
        Date(connection, "quarter", time => ((time.Month - 1) / 3) + 1);
        Date(connection, "month", time => time.Month);
        Date(connection, "day", time => time.Day);
        Date(connection, "hour", time => time.Hour);
        Date(connection, "minute", time => time.Minute);
        Date(connection, "second", time => time.Second);
        connection.CreateFunction("monthname", (string? text) => Time(text)?.ToString("MMMM", CultureInfo.InvariantCulture), isDeterministic: true);
        connection.CreateFunction("timestamp", (string? text) => Time(text)?.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture), isDeterministic: true);
    }

    // Whole numbers stay whole; an overflow is an error of the statement, as it is in MariaDB.
    private static void Number(SqliteConnection connection, string name, Func<decimal, decimal, decimal?> compute) =>
        connection.CreateFunction<object?, object?, object?>(
            name,
            (left, right) => Decimal(left) is { } a && Decimal(right) is { } b && compute(a, b) is { } result
                ? left is long && right is long && decimal.IsInteger(result) && name != "exact_divide" ? (long)result : SqliteFunctions.Format(result)
                : null,
            isDeterministic: true);

    private static void Number(SqliteConnection connection, string name, Func<decimal, decimal, decimal> compute) =>
        Number(connection, name, (a, b) => (decimal?)compute(a, b));

    private static void Date(SqliteConnection connection, string name, Func<DateTime, int> part) =>
        connection.CreateFunction(name, (string? text) => Time(text) is { } time ? part(time) : (long?)null, isDeterministic: true);

    private static decimal? Decimal(object? value) => value switch
    {
        null or DBNull => null,
        long whole => whole,
        double number => (decimal)number,
        string text when decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out var number) => number,
        _ => 0,
    };

    private static DateTime? Time(string? text) =>
        DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
}
