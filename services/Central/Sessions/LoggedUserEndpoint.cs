using Central.Requests;

namespace Central.Sessions;

/// <summary><c>GET|POST /api/method/frappe.auth.get_logged_user</c>: the user name of a session, API key, or token with <c>openid</c>.</summary>
internal sealed class LoggedUserEndpoint(CredentialAuthenticator authenticator)
{
    private const string Refusal = "PermissionError";

    public async Task<IResult> HandleAsync(HttpContext context)
    {
        try
        {
            return await authenticator.AuthenticateAsync(context) switch
            {
                null => Guest(isSessionExpired: false),
                { Kind: CredentialKind.Bearer } user when !user.Scopes.Contains("openid") => InsufficientScope(context),
                { } user => TypedResults.Json(new { message = user.Name }),
            };
        }
        catch (AuthenticationException exception) when (exception.SessionExpired)
        {
            return Guest(isSessionExpired: true);
        }
    }

    private static IResult Guest(bool isSessionExpired) => FrappeError.Answer(StatusCodes.Status403Forbidden, Refusal, "Sign in first", isSessionExpired);

    // RFC 6750 section 3.1.
    private static IResult InsufficientScope(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer realm=\"api\", error=\"insufficient_scope\", scope=\"openid\"";
        return FrappeError.Answer(StatusCodes.Status403Forbidden, Refusal, "The access token lacks the scope openid");
    }
}
