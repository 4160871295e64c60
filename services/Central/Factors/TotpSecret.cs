namespace Central.Factors;

/// <summary>The authenticator app of a user. Never served. The name is the user's id.</summary>
[DocType("TOTP Secret", Naming = "prompt")]
public sealed class TotpSecret : Document
{
    /// <summary>Encrypted with the key-encryption key, bound to the user's id.</summary>
    [Field(Required = true)]
    public string Secret { get; set; } = "";

    /// <summary>The step of the last code that was accepted. Earlier ones, and this, are not accepted again.</summary>
    public long LastStep { get; set; }
}
