using System.Collections.Frozen;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Gateway.Forwarding;

/// <summary>
/// Lets pages of other origins call what is behind this address: answers their preflights, whoever owns what they ask for, and marks the gateway's own
/// answers. What a service answers, the service marks by its own setting of the same name, so that it decides who reads it.
/// </summary>
/// <remarks>Fetch standard, section 3.3.</remarks>
internal sealed class CrossOriginMiddleware(RequestDelegate next, IOptions<GatewayOptions> options)
{
    // As at the services: a day.
    private const string PreflightSeconds = "86400";

    private static readonly object s_forwarded = new();
    private static readonly string s_exposed = string.Join(", ", RequestId.Header, HeaderNames.RetryAfter);

    private readonly FrozenSet<string> _allowed = options.Value.AllowedOrigins.ToFrozenSet(StringComparer.Ordinal);
    private readonly FrozenSet<string> _trusted = options.Value.TrustedOrigins.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Tells that the answer is a service's, or, after all, the gateway's own.</summary>
    public static void SetForwarded(HttpContext context, bool isForwarded) => context.Items[s_forwarded] = isForwarded;

    public Task InvokeAsync(HttpContext context)
    {
        if (_allowed.Count == 0)
        {
            return next(context);
        }

        var request = context.Request;
        var origin = request.Headers.Origin is [{ } only] && _allowed.Contains(only) ? only : null;
        // When the answer starts: only then it is known whose it is, and an error clears what was set before it.
        context.Response.OnStarting(() =>
        {
            if (context.Items[s_forwarded] is not true)
            {
                Mark(context.Response.Headers, origin);
            }

            return Task.CompletedTask;
        });
        if (origin is null || !HttpMethods.IsOptions(request.Method) || request.Headers.AccessControlRequestMethod.Count == 0)
        {
            return next(context);
        }

        var headers = context.Response.Headers;
        headers.AccessControlAllowMethods = request.Headers.AccessControlRequestMethod;
        headers.AccessControlAllowHeaders = request.Headers.AccessControlRequestHeaders;
        headers.AccessControlMaxAge = PreflightSeconds;
        return Task.CompletedTask;
    }

    private void Mark(IHeaderDictionary headers, string? origin)
    {
        headers.AppendCommaSeparatedValues(HeaderNames.Vary, HeaderNames.Origin);
        if (origin is not null)
        {
            headers.AccessControlAllowOrigin = origin;
            headers.AccessControlExposeHeaders = s_exposed;
            if (_trusted.Contains(origin))
            {
                headers.AccessControlAllowCredentials = "true";
            }
        }
    }
}
