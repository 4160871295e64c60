namespace Central.Clients;

/// <summary>An assertion that a client has used, until it would have ended. Never served. The name is SHA-256 of the client's id and the <c>jti</c>.</summary>
/// <remarks>RFC 7523 section 3, point 7.</remarks>
[DocType("Used Assertion", Naming = "prompt")]
public sealed class UsedAssertion : Document
{
    /// <summary>UTC; the assertion is refused then without being known.</summary>
    [Field(Index = true)]
    public DateTime ExpiresAt { get; set; }
}
