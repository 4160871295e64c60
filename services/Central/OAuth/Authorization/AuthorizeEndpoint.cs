using Central.Clients;
using Central.OAuth.Consents;
using Central.OAuth.Grants;
using Central.Pages;
using Central.Platform;
using Central.Sessions;
using Central.Settings;

namespace Central.OAuth.Authorization;

/// <summary>
/// <c>GET|POST /oauth/authorize</c>: checks the client, then the redirect address, then everything else; has the user sign in and agree;
/// answers with a code.
/// </summary>
/// <remarks>RFC 6749 section 4.1.1, OpenID Connect Core section 3.1.2, RFC 9207.</remarks>
internal sealed class AuthorizeEndpoint(
    PlatformDatabase platform, Audiences audiences, GrantLifetimes lifetimes, FreshLogin freshLogin, IdTokenHint hints, AuditLog audit,
    CentralSettings settings, TimeProvider time)
{
    private const string Path = "/oauth/authorize";

    /// <summary>Answers an authorization request.</summary>
    public Task<IResult> HandleAsync(PageContext page) => RunAsync(page, HttpMethods.IsPost(page.Http.Request.Method) ? page.Form : page.Query, isAllowed: null);

    /// <summary>Answers the request again after the user has agreed or declined.</summary>
    /// <param name="page">The form of the consent page.</param>
    /// <param name="parameters">The authorization request, as the consent page kept it. It is checked as if it were new.</param>
    /// <param name="isAllowed">What the user said.</param>
    public Task<IResult> DecideAsync(PageContext page, IReadOnlyDictionary<string, string> parameters, bool isAllowed) => RunAsync(page, parameters, isAllowed);

    private async Task<IResult> RunAsync(PageContext page, IReadOnlyDictionary<string, string> parameters, bool? isAllowed)
    {
        var client = await platform.RunAsync(db => db.FindDocAsync<OAuthClient>(parameters.GetValueOrDefault("client_id", ""), page.Cancelled));
        if (client is not { Enabled: true })
        {
            throw OAuthError.InvalidRequest("The client is unknown. Nothing was sent to it.");
        }

        if (parameters.GetValueOrDefault("redirect_uri") is not { } redirectUri || !RedirectUri.IsRegistered(client, redirectUri))
        {
            throw OAuthError.InvalidRequest("The redirect_uri is not registered for the client. Nothing was sent to it.");
        }

        try
        {
            return await AnswerAsync(page, AuthorizationRequest.Parse(parameters, client, redirectUri, audiences), parameters, isAllowed);
        }
        catch (AuthorizationError error)
        {
            await audit.RefusedAsync(page.Http, AuditEvents.Authorization, new(page.Visitor?.Member.UserId, page.Visitor?.Member.Tenant.Id, client.ClientId, error.Error));
            return Redirect(page, redirectUri, parameters, ("error", error.Error), ("error_description", error.Message));
        }
    }

    private async Task<IResult> AnswerAsync(PageContext page, AuthorizationRequest request, IReadOnlyDictionary<string, string> parameters, bool? isAllowed)
    {
        var isSilent = request.HasPrompt(Prompt.None);
        if (page.Visitor is not { } visitor || !IsLoginGoodEnough(request, parameters, visitor))
        {
            return isSilent ? throw AuthorizationError.LoginRequired() : page.SeeOther(LoginAddress.To(Rebuild(parameters), isFresh: true, parameters.GetValueOrDefault("login_hint")));
        }

        if (!request.Client.IsForTenant(visitor.Member.Tenant.Id))
        {
            throw AuthorizationError.AccessDenied("The client is not for the tenant of this user.");
        }

        if (isAllowed is false)
        {
            await audit.RefusedAsync(page.Http, AuditEvents.Consent, Subject(request, visitor));
            throw AuthorizationError.AccessDenied("The user has declined.");
        }

        if (isAllowed is null && await NeedsConsentAsync(request, visitor, page.Cancelled))
        {
            return isSilent ? throw AuthorizationError.ConsentRequired() : await page.RenderAsync<ConsentPage>(ConsentModel.Of(request, visitor, lifetimes, Query(parameters)));
        }

        return Redirect(page, request.RedirectUri, parameters, ("code", await IssueAsync(page, request, visitor, isAllowed is true)));
    }

    private bool IsLoginGoodEnough(AuthorizationRequest request, IReadOnlyDictionary<string, string> parameters, Visitor visitor)
    {
        var signedInAt = SessionStore.SignedInAt(visitor.Session);
        var isYoung = freshLogin.IsYounger(signedInAt, parameters);
        if ((request.HasPrompt(Prompt.Login) || request.HasPrompt(Prompt.SelectAccount)) && !isYoung)
        {
            return false;
        }

        if (request.MaxAge is { } maxAge && time.GetUtcNow() - signedInAt > maxAge && !isYoung)
        {
            return false;
        }

        // A hint at another user asks for that one. One that is no token of this site says nothing.
        return parameters.GetValueOrDefault("id_token_hint") is not { Length: > 0 } hint || hints.Read(hint) is not { } expected || expected.UserId == visitor.Member.UserId;
    }

    private async Task<bool> NeedsConsentAsync(AuthorizationRequest request, Visitor visitor, CancellationToken cancellationToken) =>
        request.HasPrompt(Prompt.Consent) || (request.Client.RequireConsent && !await platform.RunAsync(db => ConsentStore.CoversAsync(
            db, visitor.Member.UserId, visitor.Member.Tenant.Id, request.Client.ClientId, request.Resource, request.Scope, cancellationToken)));

    private async Task<string> IssueAsync(PageContext page, AuthorizationRequest request, Visitor visitor, bool isAllowedNow)
    {
        var grant = OAuthGrant.By(visitor, request.Client, request.Scope, request.Resource);
        var code = "";
        await platform.InTransactionAsync(
            async db =>
            {
                if (isAllowedNow)
                {
                    await ConsentStore.RememberAsync(db, grant.UserId, grant.Tenant, grant.ClientId, grant.Resource, grant.Scope, page.Cancelled);
                }

                code = await AuthorizationCodeStore.IssueAsync(db, request, grant, lifetimes.OfCode(request.Client), page.Cancelled);
            },
            page.Cancelled);
        if (isAllowedNow)
        {
            await audit.DoneAsync(page.Http, AuditEvents.Consent, Subject(request, visitor));
        }

        await audit.DoneAsync(page.Http, AuditEvents.Authorization, Subject(request, visitor) with { Reference = grant.Name });
        return code;
    }

    private IResult Redirect(PageContext page, string redirectUri, IReadOnlyDictionary<string, string> parameters, params (string Name, string? Value)[] answer) =>
        page.SeeOther(RedirectUri.With(redirectUri, [.. answer, ("state", AuthorizationRequest.StateOf(parameters)), ("iss", settings.Issuer)]));

    /// <summary>The address of the same request, with a mark of when a fresh login was asked for.</summary>
    private string Rebuild(IReadOnlyDictionary<string, string> parameters) =>
        $"{Path}?{Query(new Dictionary<string, string>(parameters) { [FreshLogin.Parameter] = freshLogin.Mark(parameters) })}";

    private static string Query(IReadOnlyDictionary<string, string> parameters) =>
        string.Join('&', parameters.Select(parameter => $"{Uri.EscapeDataString(parameter.Key)}={Uri.EscapeDataString(parameter.Value)}"));

    private static AuditSubject Subject(AuthorizationRequest request, Visitor visitor) => new(visitor.Member.UserId, visitor.Member.Tenant.Id, request.Client.ClientId, request.Scope);
}
