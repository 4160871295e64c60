using System.Net;

namespace Central.Requests;

/// <summary>
/// Refuses requests that name another host than the site's. Nothing that the site says comes from the host; this keeps a name that a stranger has
/// pointed at its address from being answered at all.
/// </summary>
/// <remarks>
/// Addresses, names without a dot, and names below the domains that public DNS does not have (RFC 6762, and <c>internal</c>, which ICANN keeps for
/// private use) are no stranger's to point elsewhere: probes and services on the same network ask by them.
/// </remarks>
internal sealed class KnownHosts(IConfiguration configuration, CentralSiteOptions site) : IStartupFilter
{
    private static readonly string[] s_privateDomains = [".local", ".internal", ".localhost"];

    private readonly HashSet<string> _names = new(
        (configuration["CENTRAL_HOSTS"] ?? "").Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).Append(new Uri(site.Issuer).IdnHost), StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => application =>
    {
        application.Use((context, following) => IsKnown(context.Request.Host.Host) ? following(context) : RefuseAsync(context));
        next(application);
    };

    private bool IsKnown(string host) => _names.Contains(host) || !host.Contains('.', StringComparison.Ordinal) || IPAddress.TryParse(host, out _) ||
        s_privateDomains.Any(domain => host.EndsWith(domain, StringComparison.OrdinalIgnoreCase));

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        return FrappeError.Answer(StatusCodes.Status400BadRequest, "ValidationError", "The site has another host name; further ones are in the setting CENTRAL_HOSTS").ExecuteAsync(context);
    }
}
