namespace Central.Clients;

/// <summary>SHA-256 of a secret of a client or an API key. Never served. The secrets have 256 bits, so that a plain hash hides them.</summary>
[DocType("Stored Secret")]
public sealed class StoredSecret : Document
{
    /// <summary>Whose secret it is, as <see cref="SecretHolder"/> spells it.</summary>
    [Field(Required = true, Index = true)]
    public string Holder { get; set; } = "";

    /// <summary>64 hexadecimal digits.</summary>
    [Field(Required = true)]
    public string Hash { get; set; } = "";

    /// <summary>UTC; from then on it is good for nothing. Null: as long as it is kept.</summary>
    public DateTime? ExpiresAt { get; set; }
}
