using System.Buffers;
using System.Text.RegularExpressions;

namespace Central.Clients;

/// <summary>
/// The rules of redirect addresses. They are text and compared as text: whoever normalises them (System.Uri does) makes two different
/// addresses the same.
/// </summary>
/// <remarks>RFC 9700 section 2.1, RFC 8252 sections 7 and 8.3.</remarks>
internal static partial class RedirectUri
{
    /// <summary>Schemes that make a browser run or show what the address says, or open what is on the disk.</summary>
    private static readonly string[] s_dangerous = ["javascript", "data", "vbscript", "file", "blob", "about", "ftp", "ws", "wss", "mailto", "view-source"];

    /// <summary>A fragment, wildcards, and what browsers read in ways of their own.</summary>
    private static readonly SearchValues<char> s_forbidden = SearchValues.Create(@"#*\""<>`{}|^");

    /// <summary>Whether an address may be registered.</summary>
    public static bool IsRegistrable(string uri, bool isNative)
    {
        if (uri.AsSpan().ContainsAnyExceptInRange('!', '~') || uri.AsSpan().ContainsAny(s_forbidden))
        {
            return false;
        }

        if (Web().Match(uri) is { Success: true } web)
        {
            return web.Groups["scheme"].Value is "https" || IsLoopback(web.Groups["host"].Value);
        }

        return isNative && Private().Match(uri) is { Success: true } app &&
            app.Groups["scheme"].Value is var scheme && scheme is not ("http" or "https") && !s_dangerous.Contains(scheme, StringComparer.Ordinal);
    }

    /// <summary>Whether an address that was sent is one of the registered. A native client's loopback address may have any port.</summary>
    public static bool IsRegistered(OAuthClient client, string sent) =>
        OAuthClient.Lines(client.RedirectUris).Any(registered => registered == sent || (client.IsNative && IsSameButPort(registered, sent)));

    /// <summary>Whether a text is an origin: scheme, host and port, nothing else.</summary>
    public static bool IsOrigin(string text) => Origin().Match(text) is { Success: true } match && (match.Groups["scheme"].Value is "https" || IsLoopback(match.Groups["host"].Value));

    /// <summary>The address with further parameters; a query that it has is kept.</summary>
    public static string With(string uri, params IEnumerable<(string Name, string? Value)> parameters)
    {
        var query = string.Join('&', parameters.Where(parameter => parameter.Value is not null).Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}"));
        return query.Length == 0 ? uri : $"{uri}{(uri.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{query}";
    }

    private static bool IsSameButPort(string registered, string sent) =>
        Loopback().Match(registered) is { Success: true } one && Loopback().Match(sent) is { Success: true } other &&
        one.Groups["host"].Value == other.Groups["host"].Value && one.Groups["rest"].Value == other.Groups["rest"].Value &&
        !sent.AsSpan().ContainsAnyExceptInRange('!', '~') && !sent.AsSpan().ContainsAny(@"#\");

    private static bool IsLoopback(string host) => host is "127.0.0.1" or "[::1]" or "localhost";

    [GeneratedRegex(@"\A(?<scheme>https?)://(?<host>\[[0-9a-f:.]+\]|[A-Za-z0-9.-]+)(:[0-9]{1,5})?(/[^?]*)?(\?.*)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Web();

    [GeneratedRegex(@"\A(?<scheme>[a-z][a-z0-9+.-]*):[^@]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Private();

    [GeneratedRegex(@"\Ahttp://(?<host>127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?(?<rest>([/?].*)?)\z", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Loopback();

    [GeneratedRegex(@"\A(?<scheme>https?)://(?<host>\[[0-9a-f:.]+\]|[A-Za-z0-9.-]+)(:[0-9]{1,5})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Origin();
}
