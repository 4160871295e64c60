using System.Net;
using Microservices.Telemetry;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Forwarding;

/// <summary>Sends the request on as it came, byte for byte in its path and query, and tells the service where it came from.</summary>
internal sealed class VerbatimTransformer : HttpTransformer
{
    private static readonly UriCreationOptions AsSent = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <param name="httpContext">The client's request, already free of headers it may not send.</param>
    /// <param name="proxyRequest">The request to the service.</param>
    /// <param name="destinationPrefix">The whole address at the service, with path and query.</param>
    /// <param name="cancellationToken">Ends when the client goes away.</param>
    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        proxyRequest.RequestUri = new Uri(destinationPrefix, AsSent);

        var request = httpContext.Request;
        var headers = proxyRequest.Headers;
        if (httpContext.Connection.RemoteIpAddress is { } peer)
        {
            headers.TryAddWithoutValidation("X-Forwarded-For", Plain(peer));
        }

        headers.TryAddWithoutValidation("X-Forwarded-Proto", request.Scheme);
        if (request.Host.HasValue)
        {
            headers.TryAddWithoutValidation("X-Forwarded-Host", request.Host.Value);
        }
    }

    public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        var hasBody = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        CrossOriginMiddleware.SetForwarded(httpContext, isForwarded: proxyResponse is not null);
        httpContext.Response.Headers[RequestId.Header] = httpContext.TraceIdentifier;
        return hasBody;
    }

    private static string Plain(IPAddress address) => (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
}
