using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Microservices.Data.Dialects;

/// <summary>What MariaDB does and SQLite lacks: text that compares without case and accents, exact decimals, LIKE to match.</summary>
internal static class SqliteFunctions
{
    public const string TextCollation = "unicode_ci";
    public const string DecimalCollation = "decimal";

    public static void Register(SqliteConnection connection)
    {
        connection.CreateCollation(TextCollation, CompareText);
        connection.CreateCollation(DecimalCollation, (a, b) => Number(a).CompareTo(Number(b)));
        connection.CreateFunction("like", (string? pattern, string? text) => pattern is null || text is null ? (bool?)null : Like(pattern, text), isDeterministic: true);
        // These replace SQLite's own, which add decimals as binary fractions; whole numbers stay whole.
        SqliteTotals.Register(connection);
    }

    /// <summary>A decimal as text without trailing zeros, so that equal numbers are equal text.</summary>
    public static string Format(decimal number) => (number / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture);

    /// <summary>LIKE without case and accents: % any run, _ any one character, \ takes the next as it is.</summary>
    public static bool Like(string pattern, string text)
    {
        var (p, t) = (Fold(pattern), Fold(text));
        int pi = 0, ti = 0, star = -1, mark = 0;
        while (ti < t.Length)
        {
            if (pi < p.Length && p[pi] == '%')
            {
                (star, mark) = (pi++, ti);
                continue;
            }

            var escaped = pi + 1 < p.Length && p[pi] == '\\';
            if (pi < p.Length && (escaped ? p[pi + 1] == t[ti] : p[pi] == '_' || p[pi] == t[ti]))
            {
                pi += escaped ? 2 : 1;
                ti++;
            }
            else if (star >= 0)
            {
                (pi, ti) = (star + 1, ++mark);
            }
            else
            {
                return false;
            }
        }

        return p.AsSpan(pi).IndexOfAnyExcept('%') < 0;
    }

    /// <summary>Compares without case and accents; what differs only in those is equal, as under MariaDB's collation.</summary>
    public static int CompareText(string a, string b) =>
        Ascii.IsValid(a) && Ascii.IsValid(b) ? string.Compare(a, b, StringComparison.OrdinalIgnoreCase) : string.CompareOrdinal(Fold(a), Fold(b));

    private static string Fold(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text.ToUpperInvariant();
        }

        var folded = new StringBuilder(text.Length);
        foreach (var character in text.Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(character) is not UnicodeCategory.NonSpacingMark)
            {
                folded.Append(char.ToUpperInvariant(character));
            }
        }

        return folded.ToString();
    }

    private static decimal Number(object value) => value switch
    {
        decimal number => number,
        long number => number,
        double number => (decimal)number,
        string text when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => 0m,
    };
}
