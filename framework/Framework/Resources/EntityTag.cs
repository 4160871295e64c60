using System.Globalization;
using Microservices.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Microservices.Resources;

/// <summary>The version of a document in HTTP's own words: an entity tag made from <c>modified</c>.</summary>
/// <remarks>RFC 9110 sections 8.8.3 and 13.1.</remarks>
internal static class EntityTag
{
    /// <summary>The tag of a state of a document.</summary>
    public static string Of(DateTime modified) => string.Create(CultureInfo.InvariantCulture, $"\"{modified.Ticks / TimeSpan.TicksPerMicrosecond:x}\"");

    /// <summary>Whether the caller has this state already.</summary>
    public static bool IsKnown(HttpRequest request, string tag) => request.Headers.IfNoneMatch is { Count: > 0 } known && Names(known, tag, isWeak: true);

    /// <summary>Refuses when the request is meant for another state of the document.</summary>
    /// <exception cref="PreconditionFailedException"><c>If-Match</c> does not name this state.</exception>
    public static void Require(HttpRequest request, DateTime modified)
    {
        if (request.Headers.IfMatch is { Count: > 0 } expected && !Names(expected, Of(modified), isWeak: false))
        {
            throw new PreconditionFailedException("The document has been modified after you have read it: read it again and repeat the change");
        }
    }

    private static bool Names(StringValues header, string tag, bool isWeak)
    {
        foreach (var line in header)
        {
            foreach (var part in (line ?? "").Split(',', StringSplitOptions.TrimEntries))
            {
                if (part == "*" || part == tag || (isWeak && part.StartsWith("W/", StringComparison.Ordinal) && part.AsSpan(2).SequenceEqual(tag)))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
