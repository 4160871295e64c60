namespace Central.Sessions;

/// <summary>A signed-in browser. Never served. The name is SHA-256 of the <c>sid</c>, so that the table holds nothing to sign in with.</summary>
[DocType(Naming = "prompt")]
public sealed class Session : Document
{
    [Field(Required = true, Index = true)]
    public string UserId { get; set; } = "";

    /// <summary>UTC.</summary>
    public DateTime LastSeen { get; set; }

    /// <summary>UTC; nothing extends it.</summary>
    [Field(Index = true)]
    public DateTime EndsAt { get; set; }
}
