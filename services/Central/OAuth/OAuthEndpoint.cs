using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Central.OAuth;

/// <summary>Gives the protocol endpoints their own shape of errors.</summary>
internal sealed partial class OAuthEndpoint(ILogger<OAuthEndpoint> logger)
{
    /// <summary>Runs an endpoint.</summary>
    public async Task<IResult> RunAsync(HttpContext context, Func<Task<IResult>> endpoint)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Pragma = "no-cache";
        try
        {
            return await endpoint();
        }
        catch (OAuthError error)
        {
            return Answer(context, error);
        }
        catch (TooManyRequestsException exception)
        {
            return Answer(context, OAuthError.TemporarilyUnavailable(exception.RetryAfter ?? TimeSpan.FromSeconds(1)));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // The place where every failure of these endpoints becomes their own kind of answer.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailure(logger, exception, context.Request.Path, context.TraceIdentifier);
            var cause = RequestPipeline.Translate(exception);
            return Answer(context, cause.StatusCode is StatusCodes.Status503ServiceUnavailable
                ? OAuthError.ServerError(cause.StatusCode, context.TraceIdentifier, cause.RetryAfter)
                : OAuthError.ServerError(StatusCodes.Status500InternalServerError, context.TraceIdentifier));
        }
    }

    private static JsonHttpResult<OAuthErrorAnswer> Answer(HttpContext context, OAuthError error)
    {
        if (error.Status is StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"oauth\"";
        }

        if (error.RetryAfter is { } retryAfter)
        {
            context.Response.Headers.RetryAfter = ((long)Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        return TypedResults.Json(new OAuthErrorAnswer(error.Error, error.Message), statusCode: error.Status);
    }

    [LoggerMessage(5101, LogLevel.Error, "{Path} failed, request {RequestId}")]
    private static partial void LogFailure(ILogger logger, Exception exception, string path, string requestId);
}
