namespace Central.Links;

/// <summary>
/// The key in a link that was sent by mail: whoever has it may do one thing, once. Never served. The name is SHA-256 of the key, so that the
/// table holds nothing to use.
/// </summary>
[DocType("Emailed Key", Naming = "prompt")]
public sealed class EmailedKey : Document
{
    /// <summary>What it is for, as <see cref="LinkPurpose"/> names it; it is good for nothing else.</summary>
    [Field(Required = true)]
    public string Purpose { get; set; } = "";

    [Field(Required = true, Index = true)]
    public string UserId { get; set; } = "";

    /// <summary>UTC.</summary>
    [Field(Index = true)]
    public DateTime ExpiresAt { get; set; }
}
