using Microservices.Errors;
using Microsoft.Extensions.Primitives;

namespace Microservices.Security;

/// <summary>Finds the <c>sid</c> in the Cookie header, as it was sent.</summary>
internal static class SessionCookie
{
    private const int MaxLength = 512;

    /// <summary>The session's id, or null when there is none: no cookie, an empty one, or the literal <c>Guest</c>.</summary>
    /// <exception cref="AuthenticationException">Two different ones came: one of them was planted. Or it is not the form of any session id.</exception>
    public static string? Read(StringValues headers)
    {
        string? found = null;
        foreach (string? header in headers)
        {
            ReadOnlySpan<char> line = header;
            foreach (Range range in line.Split(';'))
            {
                ReadOnlySpan<char> pair = line[range].Trim(' ');
                if (!pair.StartsWith("sid=", StringComparison.Ordinal) || pair[4..] is [] or "Guest")
                {
                    continue;
                }

                ReadOnlySpan<char> value = pair[4..];
                if (found is not null && !value.SequenceEqual(found))
                {
                    throw AuthenticationErrors.TwoCredentials();
                }

                found ??= value.ToString();
            }
        }

        return found is null || IsWellFormed(found) ? found : throw AuthenticationErrors.SessionExpired();
    }

    private static bool IsWellFormed(string value) => value.Length <= MaxLength && !value.AsSpan().ContainsAnyExceptInRange('!', '~');
}
