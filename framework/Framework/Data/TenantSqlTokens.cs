using System.Text.RegularExpressions;

namespace Microservices.Data;

/// <summary>Cuts the text of a query into words as both databases would; text that they would cut differently is refused.</summary>
internal static partial class TenantSqlTokens
{
    /// <exception cref="TenantSqlException">The text holds a comment, a second statement, or something that is no plain SQL.</exception>
    public static List<string> Read(string text)
    {
        var tokens = new List<string>();
        for (var i = 0; i < text.Length;)
        {
            var c = text[i];
            if (c is ' ' or '\t' or '\n' or '\r' or '\f')
            {
                i++;
                continue;
            }

            if (c is ';' or '#' || text.AsSpan(i).StartsWith("--") || text.AsSpan(i).StartsWith("/*"))
            {
                throw new TenantSqlException("A query of your own is one statement without comments.");
            }

            var end = c is '\'' or '`' or '"' ? EndOfQuoted(text, i)
                : char.IsAsciiDigit(c) || (c == '.' && i + 1 < text.Length && char.IsAsciiDigit(text[i + 1])) ? EndOfNumber(text, i)
                : IsWord(c) ? EndOfWord(text, i)
                : i + 1;
            var token = text[i..end];
            // A blank of Unicode parts words for the reader and not for a database; brackets and braces quote or hide names in one of them.
            if (token is not (TenantSqlGuard.TableHole or TenantSqlGuard.ValueHole) && (char.IsControl(c) || c is '[' or ']' or '{' or '}' || (IsWord(c) && token.Any(char.IsWhiteSpace))))
            {
                throw new TenantSqlException("A query of your own holds no control characters, no blanks but spaces, tabs and line ends, and no [ ] { }.");
            }

            tokens.Add(token);
            i = end;
        }

        return tokens;
    }

    private static int EndOfQuoted(string text, int start)
    {
        var end = text.IndexOf(text[start], start + 1) + 1;
        return end > 0 && !text.AsSpan(start, end - start).ContainsAny('\\', TenantSqlGuard.TableHole[0], TenantSqlGuard.ValueHole[0])
            ? end
            : throw new TenantSqlException("A quoted text of the query is not closed, or holds a backslash or a hole: pass values as holes.");
    }

    // MariaDB reads 1e0from as a number and a FROM.
    private static int EndOfNumber(string text, int start)
    {
        var end = start;
        while (end < text.Length && (IsWord(text[end]) || text[end] == '.' || (text[end] is '+' or '-' && text[end - 1] is 'e' or 'E')))
        {
            end++;
        }

        return Number().IsMatch(text.AsSpan(start, end - start))
            ? end
            : throw new TenantSqlException($"'{text[start..end]}' is no number: write a blank after it.");
    }

    private static int EndOfWord(string text, int start)
    {
        var end = start;
        while (end < text.Length && IsWord(text[end]))
        {
            end++;
        }

        return end;
    }

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '@' or '$' || c > 127;

    [GeneratedRegex(@"^(?:0x[0-9a-f]+|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
