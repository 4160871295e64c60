using Gateway.Errors;
using Microservices.Telemetry;

namespace Gateway.Forwarding;

/// <summary>First in line: settles the request id, removes what a client may not say, and answers for what fails behind it.</summary>
internal sealed class RequestGuardMiddleware(RequestDelegate next, ILogger<RequestGuardMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var requestId = RequestId.Of(context);
        context.TraceIdentifier = requestId;
        context.Request.Headers[RequestId.Header] = requestId;
        context.Response.Headers[RequestId.Header] = requestId;
        ClientHeaders.Strip(context.Request.Headers);
        try
        {
            await next(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            logger.ClientGone("-", requestId);
        }
        catch (Exception exception)
        {
            logger.Unhandled(exception, requestId);
            if (context.Response.HasStarted)
            {
                context.Abort();
                return;
            }

            await ErrorResponse.WriteAsync(context, GatewayError.Internal);
        }
    }
}
