using System.Globalization;
using System.Text;
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
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The DocType segment and the name; an empty name is the collection.</summary>
    /// <param name="context">The request.</param>
    /// <param name="before">What stands before the DocType, with its slashes: <c>/resource/</c>.</param>
    /// <exception cref="BadRequestException">The path is not percent-encoded well, or holds dot segments.</exception>
    public static (string DocType, string Name) Parse(HttpContext context, string before) => Parse(context, before, tail: "", out _);

    /// <summary>The same, where a last segment may be no part of the name: that of <c>…/name/copy</c>, not that of <c>…/a%2Fcopy</c>.</summary>
    /// <param name="context">The request.</param>
    /// <param name="before">What stands before the DocType.</param>
    /// <param name="tail">The segment.</param>
    /// <param name="hasTail">Whether it was there, behind a name.</param>
    /// <inheritdoc cref="Parse(HttpContext, string)"/>
    public static (string DocType, string Name) Parse(HttpContext context, string before, string tail, out bool hasTail)
    {
        hasTail = false;
        var rest = After(context, before);
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            return (Decode(rest), "");
        }

        var name = rest[(slash + 1)..].TrimEnd('/');
        if (tail.Length > 0 && name.EndsWith("/" + tail, StringComparison.Ordinal))
        {
            (name, hasTail) = (name[..^(tail.Length + 1)], true);
        }

        return (Decode(rest[..slash]), Decode(name));
    }

    /// <summary>The decoded segments behind a part of the path; a slash inside a name was sent as %2F.</summary>
    /// <exception cref="BadRequestException">The path is not percent-encoded well, or holds dot segments.</exception>
    public static string[] Segments(HttpContext context, string after) => [.. After(context, after).TrimEnd('/').Split('/').Select(Decode)];

    private static string After(HttpContext context, string part)
    {
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget;
        var path = string.IsNullOrEmpty(target) || target[0] != '/' ? context.Request.Path.ToUriComponent() : target;
        var end = path.IndexOf('?', StringComparison.Ordinal);
        path = end < 0 ? path : path[..end];
        var start = path.IndexOf(part, StringComparison.OrdinalIgnoreCase);
        if (start < 0 || path.Split('/').Any(segment => segment is "." or ".." || segment.Equals("%2e", StringComparison.OrdinalIgnoreCase) || segment.Equals("%2e%2e", StringComparison.OrdinalIgnoreCase)))
        {
            throw new BadRequestException("The path must name the resource directly");
        }

        return path[(start + part.Length)..];
    }

    private static string Decode(string segment)
    {
        var bytes = new byte[s_utf8.GetMaxByteCount(segment.Length)];
        var length = 0;
        try
        {
            for (var i = 0; i < segment.Length; i++)
            {
                if (segment[i] != '%')
                {
                    length += s_utf8.GetBytes(segment, i, char.IsHighSurrogate(segment[i]) ? 2 : 1, bytes, length);
                    i += char.IsHighSurrogate(segment[i]) ? 1 : 0;
                }
                else if (i + 2 < segment.Length && byte.TryParse(segment.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[length++]) && bytes[length - 1] != 0)
                {
                    i += 2;
                }
                else
                {
                    throw new BadRequestException("The path is not percent-encoded well");
                }
            }

            return s_utf8.GetString(bytes, 0, length);
        }
        catch (ArgumentException)
        {
            throw new BadRequestException("The path is not valid UTF-8");
        }
    }
}
