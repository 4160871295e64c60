using Microservices.Client;
using Microservices.Security;
using Microservices.Telemetry;
using Microsoft.Extensions.Configuration;

namespace Microservices.Central;

/// <summary>
/// Other services, asked directly and in the name of the caller of this request: with the caller's credential, tenant and
/// request id, from the caller's address, never with more rights than the caller has. The address of a service is the setting <c>NAME_URL</c>, such as
/// <c>NOTIFICATIONS_URL</c>.
/// </summary>
public sealed class ServiceClients
{
    /// <summary>Name of the <see cref="HttpClient"/> that carries the calls.</summary>
    internal const string HttpClientName = "services";

    private readonly IHttpClientFactory _http;
    private readonly IConfiguration _configuration;
    private readonly RequestScope _scope;
    private readonly ClientAddress _addresses;

    internal ServiceClients(IHttpClientFactory http, IConfiguration configuration, RequestScope scope, ClientAddress addresses) =>
        (_http, _configuration, _scope, _addresses) = (http, configuration, scope, addresses);

    /// <summary>A client of one service, for the length of this request.</summary>
    /// <exception cref="InvalidOperationException">The address is not configured, or there is no request to speak for.</exception>
    public FrappeClient For(string service)
    {
        var setting = service.ToUpperInvariant().Replace('-', '_') + "_URL";
        var address = _configuration[setting] ?? throw new InvalidOperationException($"{setting} is not set: it is the address of the service {service}.");
        var request = _scope.Request ?? throw new InvalidOperationException("There is no request whose caller could be spoken for.");
        var http = _http.CreateClient(HttpClientName);
        http.BaseAddress = new Uri(address.TrimEnd('/') + "/");
        if (request.Headers.Authorization.Count > 0)
        {
            http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", request.Headers.Authorization.ToString());
        }
        else if (request.Cookies["sid"] is { } sid)
        {
            http.DefaultRequestHeaders.TryAddWithoutValidation("Cookie", $"sid={sid}");
        }

        http.DefaultRequestHeaders.TryAddWithoutValidation(ClientAddress.Header, _addresses.Of(request.HttpContext).ToString());
        http.DefaultRequestHeaders.TryAddWithoutValidation(RequestId.Header, request.HttpContext.TraceIdentifier);
        return new FrappeClient(http);
    }
}
