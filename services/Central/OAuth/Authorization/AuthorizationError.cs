namespace Central.OAuth.Authorization;

/// <summary>A refusal that the client is told by the redirect. The description is ASCII and holds nothing that was sent.</summary>
/// <remarks>RFC 6749 section 4.1.2.1, OpenID Connect Core section 3.1.2.6.</remarks>
internal sealed class AuthorizationError(string error, string description) : Exception(description)
{
    /// <summary>The code, such as <c>access_denied</c>.</summary>
    public string Error => error;

    public static AuthorizationError InvalidRequest(string description) => new("invalid_request", description);

    public static AuthorizationError LoginRequired() => new("login_required", "The user has to sign in.");

    public static AuthorizationError ConsentRequired() => new("consent_required", "The user has to be asked.");

    public static AuthorizationError AccessDenied(string description) => new("access_denied", description);
}
