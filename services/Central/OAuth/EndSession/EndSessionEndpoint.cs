using Central.Clients;
using Central.OAuth.Authorization;
using Central.Pages;
using Central.Platform;
using Central.Sessions;

namespace Central.OAuth.EndSession;

/// <summary>
/// <c>GET|POST /oauth/logout</c>: logs out at a client's wish. At once when an ID token shows that the client means the user who is here;
/// otherwise the user is asked.
/// </summary>
/// <remarks>OpenID Connect RP-Initiated Logout sections 2 and 3.</remarks>
internal sealed class EndSessionEndpoint(PlatformDatabase platform, IdTokenHint hints, SignOut signOut)
{
    public async Task<IResult> HandleAsync(PageContext page)
    {
        var parameters = HttpMethods.IsPost(page.Http.Request.Method) ? page.Form : page.Query;
        var hint = parameters.GetValueOrDefault("id_token_hint") is { Length: > 0 } token ? hints.Read(token) : null;
        var clientId = parameters.GetValueOrDefault("client_id") is { Length: > 0 } given ? given : hint?.ClientId;
        if (hint is not null && hint.Value.ClientId != clientId)
        {
            throw OAuthError.InvalidRequest("The id_token_hint was issued to another client.");
        }

        var address = await TargetAsync(page, parameters, clientId);
        if (page.Visitor is null)
        {
            return page.SeeOther(address ?? "/login");
        }

        if (hint is { } known && known.UserId == page.Visitor.Member.UserId)
        {
            await signOut.EndAsync(page.Http, page.Visitor.Sid);
            return page.SeeOther(address ?? "/login");
        }

        return await page.RenderAsync<LogoutPage>(new LogoutModel(address));
    }

    /// <summary>Where the browser goes then; null when the client names no address.</summary>
    /// <exception cref="OAuthError">It names one that is not registered.</exception>
    private async Task<string?> TargetAsync(PageContext page, IReadOnlyDictionary<string, string> parameters, string? clientId)
    {
        if (parameters.GetValueOrDefault("post_logout_redirect_uri") is not { Length: > 0 } uri)
        {
            return null;
        }

        var client = clientId is null ? null : await platform.RunAsync(db => db.FindDocAsync<OAuthClient>(clientId, page.Cancelled));
        return client is { Enabled: true } && OAuthClient.Lines(client.PostLogoutRedirectUris).Contains(uri, StringComparer.Ordinal)
            ? RedirectUri.With(uri, ("state", AuthorizationRequest.StateOf(parameters)))
            : throw OAuthError.InvalidRequest("The post_logout_redirect_uri is not registered for the client. You are still signed in.");
    }
}
