using System.Collections.Frozen;
#pragma warning disable IDE0005 // The gateway, which compiles this file too, has it without being told.
using Microsoft.AspNetCore.Http;
#pragma warning restore IDE0005
using Microsoft.Net.Http.Headers;

namespace Microservices.Hosting;

/// <summary>
/// The headers by which pages of other origins may read answers. The gateway compiles this file too, which references no framework.
/// </summary>
/// <param name="allowed">Origins whose pages may read.</param>
/// <param name="trusted">Those among them that may send cookies.</param>
/// <param name="exposed">Headers of answers that they may read.</param>
/// <remarks>Fetch standard, section 3.3.</remarks>
internal sealed class CrossOriginHeaders(IEnumerable<string> allowed, IEnumerable<string> trusted, params string[] exposed)
{
    // As in Frappe: a day.
    private const string PreflightSeconds = "86400";

    private readonly FrozenSet<string> _allowed = allowed.ToFrozenSet(StringComparer.Ordinal);
    private readonly FrozenSet<string> _trusted = trusted.ToFrozenSet(StringComparer.Ordinal);
    private readonly string _exposed = string.Join(", ", exposed);

    /// <summary>Whether no origin is allowed.</summary>
    public bool IsEmpty => _allowed.Count == 0;

    /// <summary>Marks an answer: it depends on the origin, and an allowed one may read it.</summary>
    public void Mark(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.AppendCommaSeparatedValues(HeaderNames.Vary, HeaderNames.Origin);
        if (AllowedOrigin(context.Request) is { } origin)
        {
            headers.AccessControlAllowOrigin = origin;
            headers.AccessControlExposeHeaders = _exposed;
            if (_trusted.Contains(origin))
            {
                headers.AccessControlAllowCredentials = "true";
            }
        }
    }

    /// <summary>Answers the preflight of an allowed origin; false when the request is none.</summary>
    public bool TryAnswerPreflight(HttpContext context)
    {
        var request = context.Request;
        if (!HttpMethods.IsOptions(request.Method) || request.Headers.AccessControlRequestMethod.Count == 0 || AllowedOrigin(request) is null)
        {
            return false;
        }

        var headers = context.Response.Headers;
        headers.AccessControlAllowMethods = request.Headers.AccessControlRequestMethod;
        headers.AccessControlAllowHeaders = request.Headers.AccessControlRequestHeaders;
        headers.AccessControlMaxAge = PreflightSeconds;
        return true;
    }

    private string? AllowedOrigin(HttpRequest request) => request.Headers.Origin is [{ } only] && _allowed.Contains(only) ? only : null;
}
