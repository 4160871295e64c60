using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Routing;

/// <summary>
/// The path and query of a request exactly as the client sent them. The server's own <c>Request.Path</c> is decoded and has
/// its dot segments removed, so a target whose path a service could read differently than the gateway is refused.
/// </summary>
internal readonly struct RequestTarget
{
    private RequestTarget(string raw)
    {
        Raw = raw;
        var query = raw.IndexOf('?', StringComparison.Ordinal);
        Path = query < 0 ? raw : raw[..query];
        Query = query < 0 ? "" : raw[query..];
    }

    /// <summary>Path and query, starting with a slash.</summary>
    public string Raw { get; }

    /// <summary>The path alone, still percent-encoded.</summary>
    public string Path { get; }

    /// <summary>The query with its question mark, or empty.</summary>
    public string Query { get; }

    /// <summary>Reads the target; false when it is of no form that can be forwarded, or holds a dot segment, encoded or not.</summary>
    /// <remarks>RFC 9112 section 3.2 (origin form and absolute form), RFC 3986 section 5.2.4 (dot segments).</remarks>
    public static bool TryRead(HttpContext context, out RequestTarget target)
    {
        var raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var authority = raw.IndexOf("://", StringComparison.Ordinal);
        if (raw.Length > 0 && raw[0] != '/' && authority > 0)
        {
            var path = raw.AsSpan(authority + 3).IndexOfAny('/', '?');
            raw = path < 0 ? "/" : raw[(authority + 3 + path)..];
            raw = raw[0] == '?' ? "/" + raw : raw;
        }

        target = new RequestTarget(raw);
        return raw.Length > 0 && raw[0] == '/' && !HasDotSegment(target.Path);
    }

    /// <summary>Whether a service that decodes slashes before it splits the path would find a dot segment.</summary>
    public bool HasHiddenDotSegment() =>
        Path.AsSpan().IndexOfAny('%', '\\') >= 0 && HasDotSegment(Uri.UnescapeDataString(Path).Replace('\\', '/'));

    /// <summary>
    /// The segments of the path, the first <paramref name="count"/> decoded once (an encoded slash stays inside its segment),
    /// and what follows them, as sent, as one more.
    /// </summary>
    public string[] DecodeSegments(int count)
    {
        var segments = Path[1..].Split('/', count + 1);
        for (var i = 0; i < Math.Min(count, segments.Length); i++)
        {
            segments[i] = segments[i].Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(segments[i]) : segments[i];
        }

        return segments;
    }

    private static bool HasDotSegment(ReadOnlySpan<char> path)
    {
        foreach (var range in path.Split('/'))
        {
            if (IsDotSegment(path[range]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsDotSegment(ReadOnlySpan<char> segment)
    {
        var dots = 0;
        while (!segment.IsEmpty && dots <= 2)
        {
            if (segment[0] == '.')
            {
                segment = segment[1..];
            }
            else if (segment.StartsWith("%2e", StringComparison.OrdinalIgnoreCase))
            {
                segment = segment[3..];
            }
            else
            {
                return false;
            }

            dots++;
        }

        return dots is 1 or 2;
    }
}
