namespace Central.Passkeys;

/// <summary>A passkey of a user. Never served. The name is SHA-256 of the credential id.</summary>
/// <remarks>WebAuthn level 3, section 4, credential record.</remarks>
[DocType(Naming = "prompt")]
public sealed class Passkey : Document
{
    [Field(Required = true, Index = true)]
    public string UserId { get; set; } = "";

    /// <summary>What the user calls it.</summary>
    [Field(Required = true)]
    public string Label { get; set; } = "";

    /// <summary>In base64url.</summary>
    [Field(Required = true), Text]
    public string CredentialId { get; set; } = "";

    /// <summary>The COSE key, in base64url.</summary>
    [Field(Required = true), Text]
    public string PublicKey { get; set; } = "";

    /// <summary>The authenticator's counter at its last use. It only grows, unless the authenticator has none and says 0 always.</summary>
    public long SignCount { get; set; }

    /// <summary>How browsers reach it, separated by spaces.</summary>
    public string Transports { get; set; } = "";

    public bool IsBackupEligible { get; set; }

    public bool IsBackedUp { get; set; }

    /// <summary>UTC.</summary>
    public DateTime? LastUsed { get; set; }
}
