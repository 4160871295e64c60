namespace Central.OAuth.Grants;

/// <summary>
/// A refresh token, spent or not. Never served. The name is SHA-256 of the token. Spent ones are kept as long as their family lives, so
/// that a second use is seen.
/// </summary>
/// <remarks>RFC 9700 section 4.14.2.</remarks>
[DocType("Refresh Token", Naming = "prompt")]
public sealed class RefreshToken : Document
{
    /// <summary>The grant, which is the family.</summary>
    [Field(Required = true, Index = true)]
    public string Grant { get; set; } = "";

    /// <summary>UTC; unused until then, it is good for nothing.</summary>
    public DateTime UsableUntil { get; set; }

    /// <summary>UTC; null while it was not used.</summary>
    public DateTime? SpentAt { get; set; }

    /// <summary>The token that took its place, encrypted; kept only where the site has a leeway for lost answers.</summary>
    [Text]
    public string Successor { get; set; } = "";

    /// <summary>UTC; the end of the family, after which the record is of no use.</summary>
    [Field(Index = true)]
    public DateTime ExpiresAt { get; set; }
}
