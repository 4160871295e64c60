namespace Microservices.Security;

/// <summary>Something that is true for a time.</summary>
internal interface IExpires
{
    /// <summary>From when on it must be asked again.</summary>
    public DateTimeOffset ExpiresAt { get; }
}
