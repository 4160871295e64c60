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
internal sealed class CrossOrigin(CrossOriginHeaders headers)
{
    private const string Setting = "Cors:AllowedOrigins";

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
            : new CrossOrigin(new CrossOriginHeaders(
                allowed, options.TrustedOrigins,
                RequestId.Header, HeaderNames.ETag, HeaderNames.ContentDisposition, HeaderNames.ContentLanguage, HeaderNames.RetryAfter, HeaderNames.WWWAuthenticate, "Deprecation", "Sunset", HeaderNames.Link));
    }

    /// <summary>Answers preflights of allowed origins, and marks all answers.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        // When the answer starts, since an error clears what was set before it.
        context.Response.OnStarting(() =>
        {
            headers.Mark(context);
            return Task.CompletedTask;
        });
        return headers.TryAnswerPreflight(context) ? Task.CompletedTask : next(context);
    }
}
