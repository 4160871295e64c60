namespace Central.OAuth.Device;

/// <summary>
/// What a device waits for with its device code. Never served. The name is SHA-256 of the device code. It is deleted when its tokens are
/// issued, so a code that is not there is one that was used.
/// </summary>
/// <remarks>RFC 8628 section 3.2.</remarks>
[DocType("Device Code", Naming = "prompt")]
public sealed class DeviceCode : Document
{
    [Field(Required = true)]
    public string ClientId { get; set; } = "";

    /// <summary>SHA-256 of the user code, which no two devices share.</summary>
    [Field(Required = true, Unique = true)]
    public string UserCodeHash { get; set; } = "";

    /// <summary>Scopes, separated by spaces.</summary>
    [Text]
    public string Scope { get; set; } = "";

    /// <summary>The audience.</summary>
    [Text]
    public string Resource { get; set; } = "";

    /// <summary>The grant that a user gave; empty while nobody has.</summary>
    public string Grant { get; set; } = "";

    public bool Denied { get; set; }

    /// <summary>Seconds that the device has to let pass between two polls; more after each poll that came too early.</summary>
    public int Interval { get; set; }

    /// <summary>UTC; null before the first poll.</summary>
    public DateTime? PolledAt { get; set; }

    /// <summary>UTC; the code's end.</summary>
    public DateTime UsableUntil { get; set; }

    /// <summary>UTC; when the record goes. It outlives the code, so that a device which still polls is told that its time is over.</summary>
    [Field(Index = true)]
    public DateTime ExpiresAt { get; set; }

    /// <summary>Whether a user may still decide.</summary>
    internal bool IsPending(DateTime now) => Grant.Length == 0 && !Denied && now < UsableUntil;
}
