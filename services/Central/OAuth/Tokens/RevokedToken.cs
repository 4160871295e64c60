namespace Central.OAuth.Tokens;

/// <summary>An access token that was revoked before its end. Never served. The name is its <c>jti</c>.</summary>
[DocType("Revoked Token", Naming = "prompt")]
public sealed class RevokedToken : Document
{
    /// <summary>UTC; when the token ends by itself, the record is of no use any more.</summary>
    [Field(Index = true)]
    public DateTime ExpiresAt { get; set; }
}
