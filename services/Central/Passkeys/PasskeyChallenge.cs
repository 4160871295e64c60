namespace Central.Passkeys;

/// <summary>A challenge that waits for its answer. Never served. The name is SHA-256 of the browser's cookie.</summary>
[DocType("Passkey Challenge", Naming = "prompt")]
public sealed class PasskeyChallenge : Document
{
    /// <summary>What the answer is checked against, encrypted and bound to name and purpose.</summary>
    [Field(Required = true), Text]
    public string State { get; set; } = "";

    /// <summary>UTC.</summary>
    [Field(Index = true)]
    public DateTime ExpiresAt { get; set; }
}
