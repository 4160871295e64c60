using Central.Settings;

namespace Central.Pages;

/// <summary>The headers of every page, errors included.</summary>
/// <remarks>No <c>form-action</c>: browsers apply it to the redirects that follow a form, and a login ends at a client's address.</remarks>
internal sealed class PageHeaders(CentralSettings settings)
{
    private const string Policy = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'";
    private const string TransportSecurity = "max-age=31536000";

    /// <summary>Sets them.</summary>
    public void Set(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";
        if (settings.HasSecureCookies)
        {
            headers.StrictTransportSecurity = TransportSecurity;
        }
    }
}
