using System.Collections.Frozen;
using Microservices.Security;
using Microservices.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Net.Http.Headers;

namespace Microservices.Hosting;

/// <summary>
/// Lets pages of other origins read this service's answers: <c>Cors:AllowedOrigins</c>, none by default. Their sessions are for those among them that
/// <c>TRUSTED_ORIGINS</c> names, too; all others bring a token of their own.
/// </summary>
/// <remarks>Fetch standard, section 3.3.</remarks>
internal sealed class CrossOrigin(FrozenSet<string> allowed, FrozenSet<string> trusted)
{
    private const string Setting = "Cors:AllowedOrigins";

    // As in Frappe: a day.
    private const string PreflightSeconds = "86400";

    private static readonly string s_exposed = string.Join(
        ", ", RequestId.Header, HeaderNames.ETag, HeaderNames.ContentDisposition, HeaderNames.ContentLanguage, HeaderNames.RetryAfter, HeaderNames.WWWAuthenticate, "Deprecation", "Sunset", HeaderNames.Link);

    /// <summary>
    /// Reads the setting; null when no origin is allowed. None ever is at the central site, which knows credentials itself and whose pages are for nobody
    /// else; so that all programs of an installation may be given the same settings.
    /// </summary>
    /// <exception cref="StartupException">A value is no origin.</exception>
    public static CrossOrigin? From(IConfiguration configuration, CentralSiteOptions options, ICredentialLookup credentials)
    {
        string[] allowed = configuration[Setting]?.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        return Array.Find(allowed, origin => !CentralSiteOptions.IsOrigin(origin)) is { } wrong
                ? throw new StartupException($"{Setting} holds origins in the form browsers send, lower case, scheme://host or scheme://host:port, not '{wrong}'.")
            : allowed.Length == 0 || credentials is not IntrospectionClient ? null
            : new CrossOrigin(allowed.ToFrozenSet(StringComparer.Ordinal), options.TrustedOrigins.ToFrozenSet(StringComparer.Ordinal));
    }

    /// <summary>Answers preflights of allowed origins, and marks all other answers.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        var origin = request.Headers.Origin is [{ } only] && allowed.Contains(only) ? only : null;
        // When the answer starts, since an error clears what was set before it.
        context.Response.OnStarting(() =>
        {
            Mark(context.Response.Headers, origin);
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
            if (trusted.Contains(origin))
            {
                headers.AccessControlAllowCredentials = "true";
            }
        }
    }
}
