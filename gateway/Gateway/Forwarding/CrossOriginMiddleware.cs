using Microservices.Hosting;
using Microservices.Telemetry;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Gateway.Forwarding;

/// <summary>
/// Lets pages of other origins call what is behind this address: answers their preflights, whoever owns what they ask for, and marks the gateway's own
/// answers. What a service answers, the service marks by its own setting of the same name, so that it decides who reads it.
/// </summary>
internal sealed class CrossOriginMiddleware(RequestDelegate next, IOptions<GatewayOptions> options)
{
    private static readonly object s_forwarded = new();

    private readonly CrossOriginHeaders _headers = new(options.Value.AllowedOrigins, options.Value.TrustedOrigins, RequestId.Header, HeaderNames.RetryAfter);

    /// <summary>Tells that the answer is a service's, or, after all, the gateway's own.</summary>
    public static void SetForwarded(HttpContext context, bool isForwarded) => context.Items[s_forwarded] = isForwarded;

    public Task InvokeAsync(HttpContext context)
    {
        if (_headers.IsEmpty)
        {
            return next(context);
        }

        // When the answer starts: only then it is known whose it is, and an error clears what was set before it.
        context.Response.OnStarting(() =>
        {
            if (context.Items[s_forwarded] is not true)
            {
                _headers.Mark(context);
            }

            return Task.CompletedTask;
        });
        return _headers.TryAnswerPreflight(context) ? Task.CompletedTask : next(context);
    }
}
