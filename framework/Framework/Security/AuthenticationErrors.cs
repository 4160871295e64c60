using Microservices.Errors;

namespace Microservices.Security;

/// <summary>The ways a credential can fail, in words that tell nothing about which check failed.</summary>
internal static class AuthenticationErrors
{
    public static AuthenticationException Missing() =>
        new("Sign in first: this address needs an access token, an API key or a session.");

    public static AuthenticationException InvalidToken() =>
        new("The access token is not valid here, or has expired.") { BearerError = "invalid_token" };

    public static AuthenticationException InvalidApiKey() =>
        new("The API key is not valid here.") { BearerError = "invalid_token" };

    public static AuthenticationException InvalidScheme() =>
        new("The Authorization header must be 'Bearer <token>', 'token <key>:<secret>' or Basic with an API key.") { BearerError = "invalid_token" };

    public static AuthenticationException TwoCredentials() =>
        new("Send one Authorization header and one sid only.") { BearerError = "invalid_request" };

    public static AuthenticationException TokenInAddress() =>
        new("Send the access token in the Authorization header, and not in the address, where logs keep it.") { BearerError = "invalid_request" };

    public static AuthenticationException SessionExpired() => new("The session has ended; sign in again.") { SessionExpired = true };

    public static CsrfTokenException ForeignOrigin() => new("Invalid Request");

    /// <param name="retryAfter">Raised to one second, the least that <c>Retry-After</c> can say.</param>
    public static AuthServiceUnavailableException Unavailable(TimeSpan retryAfter) =>
        new("The credentials cannot be checked at the moment; try again.", retryAfter > TimeSpan.FromSeconds(1) ? retryAfter : TimeSpan.FromSeconds(1));
}
