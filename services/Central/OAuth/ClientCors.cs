using Central.Clients;
using Central.Platform;

namespace Central.OAuth;

/// <summary>Lets pages of the origins that a client registered read the answers of token, userinfo and revocation. Never with cookies.</summary>
internal sealed class ClientCors(PlatformDatabase platform)
{
    /// <summary>Longest that a browser may remember a preflight, in seconds.</summary>
    private const string MaxAge = "600";

    private const int MaxClients = 1000;

    /// <summary>Opens an answer to the page that asked, when its origin is one of the client's.</summary>
    public static void Allow(HttpContext context, OAuthClient client)
    {
        context.Response.Headers.Vary = "Origin";
        if (context.Request.Headers.Origin is [{ Length: > 0 } origin] && OAuthClient.Lines(client.AllowedCorsOrigins).Contains(origin, StringComparer.Ordinal))
        {
            context.Response.Headers.AccessControlAllowOrigin = origin;
        }
    }

    /// <summary>Answers a preflight, which does not say which client is asking: the origin must be one of any client's.</summary>
    public async Task<IResult> PreflightAsync(HttpContext context)
    {
        context.Response.Headers.Vary = "Origin";
        if (context.Request.Headers.Origin is [{ Length: > 0 } origin] && RedirectUri.IsOrigin(origin) && await IsRegisteredAsync(origin, context.RequestAborted))
        {
            context.Response.Headers.AccessControlAllowOrigin = origin;
            context.Response.Headers.AccessControlAllowMethods = "GET, POST";
            context.Response.Headers.AccessControlAllowHeaders = "Authorization, Content-Type";
            context.Response.Headers.AccessControlMaxAge = MaxAge;
        }

        return TypedResults.NoContent();
    }

    private async Task<bool> IsRegisteredAsync(string origin, CancellationToken cancellationToken)
    {
        var rows = await platform.RunAsync(db => db.GetAllAsync(
            "OAuth Client",
            new() { Fields = ["allowed_cors_origins"], Filters = [new("allowed_cors_origins", "is", "set"), new("enabled", true)], Limit = MaxClients },
            cancellationToken));
        return rows.Any(row => OAuthClient.Lines(row.Get<string>("allowed_cors_origins") ?? "").Contains(origin, StringComparer.Ordinal));
    }
}
