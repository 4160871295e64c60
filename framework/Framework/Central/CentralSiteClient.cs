using System.Net.Http.Headers;
using Microservices.Client;
using Microservices.Security;

namespace Microservices.Central;

/// <summary>
/// Talks to the central site with the service's own client credentials and with no more rights than its registration gives. For
/// what a caller asks, forward the caller with <see cref="ServiceClients"/> instead.
/// </summary>
public sealed class CentralSiteClient
{
    internal CentralSiteClient(HttpClient http) => Api = new FrappeClient(http);

    /// <summary>The central site's API.</summary>
    public FrappeClient Api { get; }
}

/// <summary>Puts the service's own token on a request.</summary>
internal sealed class ServiceTokenHandler(ServiceTokenProvider tokens) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await tokens.GetTokenAsync(cancellationToken: cancellationToken));
        return await base.SendAsync(request, cancellationToken);
    }
}
