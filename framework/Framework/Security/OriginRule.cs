using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Microservices.Security;

/// <summary>
/// Keeps pages of other sites from using a visitor's cookie: a request that changes something must come from the site itself or
/// from a trusted origin, as far as the browser tells.
/// </summary>
internal sealed class OriginRule(CentralSiteOptions options)
{
    private readonly FrozenSet<string> _trusted = options.TrustedOrigins
        .Append(new Uri(options.Issuer).GetLeftPart(UriPartial.Authority))
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether a method changes nothing.</summary>
    public static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    /// <summary>Whether a cookie may authenticate the request.</summary>
    public bool Allows(HttpRequest request)
    {
        if (IsSafe(request.Method))
        {
            return true;
        }

        StringValues origin = request.Headers.Origin;
        if (origin.Count > 0)
        {
            // A page of another site cannot choose the Host of a request, so naming the same host and scheme proves the own origin.
            return origin.Count == 1 && origin[0] is { } text && (_trusted.Contains(text) || text == $"{request.Scheme}://{request.Host.Value}");
        }

        StringValues site = request.Headers["Sec-Fetch-Site"];
        return site.Count == 0 || (site.Count == 1 && site[0] is "none" or "same-origin");
    }
}
