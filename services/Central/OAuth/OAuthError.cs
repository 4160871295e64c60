namespace Central.OAuth;

/// <summary>How a refusal is written.</summary>
internal sealed record OAuthErrorAnswer(string Error, string ErrorDescription);

/// <summary>A refusal of a protocol endpoint. The description is ASCII without quotes, and holds nothing that was sent.</summary>
/// <remarks>RFC 6749 section 5.2.</remarks>
internal sealed class OAuthError(int status, string error, string description) : Exception(description)
{
    /// <summary>HTTP status.</summary>
    public int Status => status;

    /// <summary>The code, such as <c>invalid_request</c>.</summary>
    public string Error => error;

    /// <summary>When trying again may work.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static OAuthError InvalidRequest(string description, int status = StatusCodes.Status400BadRequest) => new(status, "invalid_request", description);

    /// <summary>The one answer to a client that is unknown or does not prove who it is.</summary>
    public static OAuthError InvalidClient() => new(StatusCodes.Status401Unauthorized, "invalid_client", "The client is unknown, or its authentication is missing or wrong.");

    public static OAuthError UnauthorizedClient() => new(StatusCodes.Status400BadRequest, "unauthorized_client", "The client is not registered for this grant.");

    public static OAuthError UnsupportedGrantType() => new(StatusCodes.Status400BadRequest, "unsupported_grant_type", "This server does not know the grant_type.");

    /// <summary>The one answer to a code, token or password that is wrong, spent, expired or another client's.</summary>
    public static OAuthError InvalidGrant() => new(StatusCodes.Status400BadRequest, "invalid_grant", "The code, token or credential is wrong, spent, expired, or was issued to another client.");

    public static OAuthError InvalidScope() => new(StatusCodes.Status400BadRequest, "invalid_scope", "The client may not ask for this scope.");

    /// <summary>What a device that polls is told while it has no tokens.</summary>
    /// <remarks>RFC 8628 section 3.5.</remarks>
    public static OAuthError Device(string error, string description) => new(StatusCodes.Status400BadRequest, error, description);

    public static OAuthError InvalidTarget() => new(StatusCodes.Status400BadRequest, "invalid_target", "The client may not ask for this resource.");

    public static OAuthError TemporarilyUnavailable(TimeSpan retryAfter) =>
        new(StatusCodes.Status429TooManyRequests, "temporarily_unavailable", "Too many attempts; try again later.") { RetryAfter = retryAfter };

    public static OAuthError ServerError(int status, string requestId, TimeSpan? retryAfter = null) =>
        new(status, "server_error", $"The request failed. Its id is {requestId}.") { RetryAfter = retryAfter };
}
