namespace Central.OAuth.Tokens;

/// <summary>What the token endpoint answers.</summary>
/// <param name="AccessToken">The access token.</param>
/// <param name="Claims">What it says.</param>
/// <param name="Jti">Its id.</param>
/// <remarks>RFC 6749 section 5.1, OpenID Connect Core section 3.1.3.3.</remarks>
internal sealed record TokenAnswer(string AccessToken, AccessTokenClaims Claims, string Jti)
{
    public string? RefreshToken { get; init; }

    public string? IdToken { get; init; }

    /// <summary>The answer's members.</summary>
    public Dictionary<string, object> ToJson()
    {
        var body = new Dictionary<string, object> { ["access_token"] = AccessToken, ["token_type"] = "Bearer", ["expires_in"] = (long)Claims.Lifetime.TotalSeconds };
        if (Claims.Scope.Length > 0)
        {
            body["scope"] = Claims.Scope;
        }

        if (RefreshToken is not null)
        {
            body["refresh_token"] = RefreshToken;
        }

        if (IdToken is not null)
        {
            body["id_token"] = IdToken;
        }

        return body;
    }
}
