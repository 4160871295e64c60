using System.Globalization;
using System.Text.RegularExpressions;

namespace Microservices.Data.Schema;

/// <summary>Whether one column type holds all that another holds.</summary>
internal static partial class ColumnWidth
{
    private static readonly string[] s_texts = ["varchar", "text", "mediumtext", "longtext"];
    private static readonly string[] s_integers = ["tinyint", "int", "bigint"];

    /// <summary>Above zero: the wanted type is wider than what is there, which can be widened. Zero or below: what is there will do. Null: they hold different things.</summary>
    public static int? Compare(string wanted, string found)
    {
        var (a, b) = (Base(wanted), Base(found));
        if (a == b)
        {
            return a switch
            {
                "varchar" => VarcharLength(wanted) - VarcharLength(found),
                "decimal" => Digits(wanted) - Digits(found),
                _ => 0,
            };
        }

        return Wider(s_texts, a, b) ?? Wider(s_integers, a, b);
    }

    /// <summary>Characters of a varchar; null for any other type.</summary>
    public static int? VarcharLength(string type) => Varchar().Match(type) is { Success: true } match ? Number(match.Groups[1]) : null;

    private static int? Wider(string[] narrowToWide, string wanted, string found) =>
        (Array.IndexOf(narrowToWide, wanted), Array.IndexOf(narrowToWide, found)) is (>= 0 and var a, >= 0 and var b) ? a - b : null;

    // Digits before the point, which is what a value of another decimal can lack; SQLite's type names none.
    private static int Digits(string type) => Decimal().Match(type) is { Success: true } match ? Number(match.Groups[1]) - Number(match.Groups[2]) : 0;

    // MariaDB keeps JSON as longtext.
    private static string Base(string type) => Word().Match(type).Value.ToLowerInvariant() is var name and not "json" ? name : "longtext";

    private static int Number(Group digits) => int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex("^[a-zA-Z]+")]
    private static partial Regex Word();

    [GeneratedRegex(@"^varchar\((\d+)\)", RegexOptions.IgnoreCase)]
    private static partial Regex Varchar();

    [GeneratedRegex(@"^decimal\((\d+),(\d+)\)", RegexOptions.IgnoreCase)]
    private static partial Regex Decimal();
}
