using System.Collections.Frozen;
using Microsoft.Extensions.Primitives;

namespace Gateway.Forwarding;

/// <summary>Takes out of a request what only a trusted proxy may say: who the caller is, which tenant or site, and where it came from.</summary>
internal static class ClientHeaders
{
    private static readonly FrozenSet<string> Names = FrozenSet.ToFrozenSet(
        [
            "X-User", "X-Frappe-User", "Remote-User", "X-Remote-User", "X-Internal-Token", "X-Tenant-Id", "X-Roles", "X-Frappe-Site-Name",
            "Forwarded", "X-Real-IP",
        ],
        StringComparer.OrdinalIgnoreCase);

    private static readonly string[] Prefixes = ["X-Forwarded-", "X-Auth-Request-", "X-Original-"];

    // Frappe sets these for its scripts; no service is to take them for a proof of anything.
    private static readonly string[] Cookies = ["user_id", "system_user"];

    public static void Strip(IHeaderDictionary headers)
    {
        List<string>? spoofed = null;
        foreach (var header in headers)
        {
            if (IsInternal(header.Key))
            {
                (spoofed ??= []).Add(header.Key);
            }
        }

        foreach (var name in spoofed ?? [])
        {
            headers.Remove(name);
        }

        if (headers.Cookie is { Count: > 0 } cookies && cookies.Any(Mentions))
        {
            headers.Cookie = StripCookies(cookies);
        }
    }

    private static bool IsInternal(string name)
    {
        // CGI-style services read X_User and X-User as one.
        var dashed = name.Contains('_', StringComparison.Ordinal) ? name.Replace('_', '-') : name;
        return Names.Contains(dashed) || Prefixes.Any(prefix => dashed.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
    }

    private static bool Mentions(string? cookies) =>
        cookies is not null && Cookies.Any(name => cookies.Contains(name, StringComparison.OrdinalIgnoreCase));

    private static StringValues StripCookies(StringValues headers)
    {
        var kept = headers
            .Select(header => string.Join(';', (header ?? "").Split(';').Where(pair => !IsStrippedCookie(pair))).Trim())
            .Where(header => header.Length > 0);
        return new StringValues([.. kept]);
    }

    private static bool IsStrippedCookie(string pair)
    {
        var equals = pair.IndexOf('=', StringComparison.Ordinal);
        var name = (equals < 0 ? pair : pair[..equals]).Trim();
        return Cookies.Contains(name, StringComparer.OrdinalIgnoreCase);
    }
}
