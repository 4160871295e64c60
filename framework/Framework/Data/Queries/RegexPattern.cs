using System.Text.RegularExpressions;
using Microservices.Errors;

namespace Microservices.Data.Queries;

/// <summary>
/// Patterns of the operator <c>regex</c>: what both databases understand, and what takes a time that grows only with the text. Those
/// are the expressions that .NET runs without going back; look-around and back-references are refused.
/// </summary>
internal static class RegexPattern
{
    public const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    /// <summary>The longest that one text may take.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    private const int MaxLength = 200;

    /// <exception cref="DataException">It is no such expression.</exception>
    public static string Check(string pattern)
    {
        if (pattern.Length is 0 or > MaxLength)
        {
            throw new DataException($"A regex holds 1 to {MaxLength} characters");
        }

        try
        {
            _ = new Regex(pattern, Options, Timeout);
            return pattern;
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw new DataException($"This regex cannot be used: {pattern}");
        }
    }
}
