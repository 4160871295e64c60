using System.Net;
using Gateway.Discovery;
using Gateway.Errors;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Forwarding;

/// <summary>Hands a request to the service that owns it, streaming both ways, and answers in its place when it cannot.</summary>
internal sealed class ServiceForwarder(
    IHttpForwarder forwarder, ServiceClient client, IOptions<GatewayOptions> options, ILogger<ServiceForwarder> logger)
{
    private static readonly VerbatimTransformer Transformer = new();

    private readonly long _maxBody = options.Value.MaxRequestBodyBytes;
    private readonly ForwarderRequestConfig _config = new()
    {
        ActivityTimeout = TimeSpan.FromSeconds(options.Value.ActivityTimeoutSeconds),
        Version = HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
    };

    /// <param name="context">The client's request.</param>
    /// <param name="service">The owner.</param>
    /// <param name="pathAndQuery">What to ask it for, as raw as the client sent it.</param>
    public async Task ForwardAsync(HttpContext context, Service service, string pathAndQuery)
    {
        if (context.Request.ContentLength > _maxBody)
        {
            await RefuseBodyAsync(context);
            return;
        }

        var error = await forwarder.SendAsync(context, service.Prefix + pathAndQuery, client.Invoker, _config, Transformer);
        if (error == ForwarderError.None)
        {
            return;
        }

        if (context.RequestAborted.IsCancellationRequested)
        {
            logger.ClientGone(service.Label, context.TraceIdentifier);
            return;
        }

        var cause = context.Features.Get<IForwarderErrorFeature>()?.Exception;
        var answer = AnswerFor(error, cause);
        if (answer.MayRetry)
        {
            logger.ForwardFailed(service.Label, context.TraceIdentifier, error.ToString(), cause?.Message);
        }

        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        await ErrorResponse.WriteAsync(context, answer);
    }

    private GatewayError AnswerFor(ForwarderError error, Exception? cause) => error switch
    {
        ForwarderError.RequestBodyClient or ForwarderError.RequestBodyCanceled when IsTooLarge(cause) => GatewayError.TooLarge(_maxBody),
        ForwarderError.RequestBodyClient => GatewayError.BadBody,
        ForwarderError.RequestTimedOut => GatewayError.ServiceSilent,
        _ => GatewayError.ServiceDown,
    };

    private static bool IsTooLarge(Exception? cause) => cause switch
    {
        BadHttpRequestException bad => bad.StatusCode == StatusCodes.Status413PayloadTooLarge,
        AggregateException several => several.InnerExceptions.Any(IsTooLarge),
        null => false,
        _ => IsTooLarge(cause.InnerException),
    };

    private async Task RefuseBodyAsync(HttpContext context)
    {
        // Without a limit the server reads on for a while after the answer; else it resets a client that is still sending,
        // which then never sees the answer.
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        context.Response.OnStarting(() =>
        {
            context.Response.Headers.Connection = "close";
            return Task.CompletedTask;
        });
        await ErrorResponse.WriteAsync(context, GatewayError.TooLarge(_maxBody));
    }
}
