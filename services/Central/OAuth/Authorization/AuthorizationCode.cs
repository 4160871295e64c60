namespace Central.OAuth.Authorization;

/// <summary>An authorization code, used or not. Never served. The name is SHA-256 of the code.</summary>
/// <remarks>RFC 6749 sections 4.1.2 and 10.5.</remarks>
[DocType("Authorization Code", Naming = "prompt")]
public sealed class AuthorizationCode : Document
{
    [Field(Required = true)]
    public string ClientId { get; set; } = "";

    [Field(Required = true), Text]
    public string RedirectUri { get; set; } = "";

    /// <summary>PKCE, S256.</summary>
    [Field(Required = true)]
    public string CodeChallenge { get; set; } = "";

    [Text]
    public string Nonce { get; set; } = "";

    /// <summary>The grant that the code was issued for, which holds user, tenant, scope and resource.</summary>
    [Field(Required = true)]
    public string Grant { get; set; } = "";

    public bool Used { get; set; }

    /// <summary>UTC.</summary>
    [Field(Index = true)]
    public DateTime ExpiresAt { get; set; }
}
