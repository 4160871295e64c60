namespace Central.Sessions;

/// <summary>A signed-in browser. Never served. The name is SHA-256 of the <c>sid</c>, so that the table holds nothing to sign in with.</summary>
[DocType(Naming = "prompt")]
public sealed class Session : Document
{
    [Field(Required = true, Index = true)]
    public string UserId { get; set; } = "";

    /// <summary>The tenant that the user chose.</summary>
    [Field(Length = 64)]
    public string Tenant { get; set; } = "";

    /// <summary>How the user signed in, in the words of RFC 8176, separated by spaces.</summary>
    public string Amr { get; set; } = "";

    /// <summary>From where, for the user to recognise.</summary>
    public string Address { get; set; } = "";

    [Field(Length = 200)]
    public string UserAgent { get; set; } = "";

    /// <summary>UTC.</summary>
    public DateTime LastSeen { get; set; }

    /// <summary>UTC; nothing extends it.</summary>
    [Field(Index = true)]
    public DateTime EndsAt { get; set; }
}
