using Microservices.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Microservices.Resources;

/// <summary>
/// Reads DocType and name from the request line as the client wrote it. The decoded path is no use: in it a slash inside a name, sent
/// as %2F, cannot be told from the text "%2F", sent as %252F.
/// </summary>
internal static class ResourcePath
{
    private const string Segment = "/resource/";

    /// <summary>The DocType segment and the name; an empty name is the collection.</summary>
    /// <exception cref="BadRequestException">The path is not percent-encoded well, or holds dot segments.</exception>
    public static (string DocType, string Name) Parse(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget;
        var path = string.IsNullOrEmpty(target) || target[0] != '/' ? context.Request.Path.ToUriComponent() : target;
        var end = path.IndexOf('?', StringComparison.Ordinal);
        path = end < 0 ? path : path[..end];
        var start = path.IndexOf(Segment, StringComparison.OrdinalIgnoreCase);
        if (start < 0 || path.Split('/').Any(segment => segment is "." or ".." || segment.Equals("%2e", StringComparison.OrdinalIgnoreCase) || segment.Equals("%2e%2e", StringComparison.OrdinalIgnoreCase)))
        {
            throw new BadRequestException("The path must name the resource directly");
        }

        var rest = path[(start + Segment.Length)..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? (Decode(rest), "") : (Decode(rest[..slash]), Decode(rest[(slash + 1)..].TrimEnd('/')));
    }

    private static string Decode(string segment)
    {
        var decoded = Uri.UnescapeDataString(segment);
        return decoded.Contains('\uFFFD') || decoded.Contains('\0') ? throw new BadRequestException("The path is not valid UTF-8") : decoded;
    }
}
