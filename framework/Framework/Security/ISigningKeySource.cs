using Microservices.Errors;

namespace Microservices.Security;

/// <summary>
/// Where the keys come from that access tokens are checked with: fetched from the central site, or, in the central site itself, its own.
/// </summary>
internal interface ISigningKeySource
{
    /// <summary>The keys at hand, or null when there are none. The same keys are the same instance.</summary>
    public SigningKeySet? Find(DateTimeOffset now);

    /// <summary>The newest keys, for a token whose key is not among those at hand.</summary>
    /// <exception cref="AuthServiceUnavailableException">They cannot be had now.</exception>
    public ValueTask<SigningKeySet> RefetchAsync(CancellationToken cancellationToken);
}
