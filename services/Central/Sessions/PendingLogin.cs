namespace Central.Sessions;

/// <summary>A login that waits for its next step. Never served. The name is SHA-256 of the <c>tmp_id</c>; no password is part of it.</summary>
[DocType("Pending Login", Naming = "prompt")]
public sealed class PendingLogin : Document
{
    [Field(Required = true, Index = true)]
    public string UserId { get; set; } = "";

    /// <summary>The tenant that was chosen; empty while that is the next step.</summary>
    [Field(Length = 64)]
    public string Tenant { get; set; } = "";

    /// <summary>How the user has signed in so far, in the words of RFC 8176, separated by spaces.</summary>
    public string Amr { get; set; } = "";

    /// <summary>Who may go on with it.</summary>
    [Field(Required = true)]
    public string Caller { get; set; } = "";

    /// <summary>Codes that were tried.</summary>
    public int Tries { get; set; }

    /// <summary>UTC.</summary>
    [Field(Index = true)]
    public DateTime ExpiresAt { get; set; }
}
