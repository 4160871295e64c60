using Gateway.Errors;

namespace Gateway.Forwarding;

/// <summary>First in line: settles the request id, removes what a client may not say, and answers for what fails behind it.</summary>
internal sealed class RequestGuardMiddleware(RequestDelegate next, ILogger<RequestGuardMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        RequestId.Assign(context);
        ClientHeaders.Strip(context.Request.Headers);
        try
        {
            await next(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            logger.ClientGone("-", RequestId.Of(context));
        }
        catch (Exception exception)
        {
            logger.Unhandled(exception, RequestId.Of(context));
            if (context.Response.HasStarted)
            {
                context.Abort();
                return;
            }

            await ErrorResponse.WriteAsync(context, GatewayError.Internal);
        }
    }
}
