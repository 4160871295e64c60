using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Microservices.Data.Dialects;

/// <summary>What MariaDB does and SQLite lacks: text that compares without case and accents, exact decimals, LIKE to match.</summary>
internal static class SqliteFunctions
{
    public const string TextCollation = "unicode_ci";
    public const string DecimalCollation = "decimal";

    public static void Register(SqliteConnection connection)
    {
        connection.CreateCollation(TextCollation, SqliteText.Compare);
        connection.CreateCollation(DecimalCollation, (a, b) => Number(a).CompareTo(Number(b)));
        connection.CreateFunction("like", (string? pattern, string? text) => pattern is null || text is null ? (bool?)null : SqliteText.Like(pattern, text), isDeterministic: true);
        // These replace SQLite's own, which add decimals as binary fractions; whole numbers stay whole.
        SqliteTotals.Register(connection);
        SqliteExpressions.Register(connection);
    }

    /// <summary>A decimal as text without trailing zeros, so that equal numbers are equal text.</summary>
    public static string Format(decimal number) => (number / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture);

    private static decimal Number(string text) => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : 0m;
}
