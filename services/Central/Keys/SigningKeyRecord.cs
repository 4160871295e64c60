namespace Central.Keys;

/// <summary>A key that access tokens are signed with. Never served. The name is its number; a record never changes.</summary>
[DocType("Signing Key", Naming = "prompt")]
public sealed class SigningKeyRecord : Document
{
    /// <summary>JWK thumbprint.</summary>
    [Field(Required = true, Unique = true)]
    public string Kid { get; set; } = "";

    /// <summary>PKCS #8, encrypted with the key-encryption key.</summary>
    [Field(Required = true), Text]
    public string EncryptedPrivateKey { get; set; } = "";

    /// <summary>UTC; from then on it signs, until the next one does.</summary>
    public DateTime SignsFrom { get; set; }
}
