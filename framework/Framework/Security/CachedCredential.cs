namespace Microservices.Security;

/// <summary>What is remembered of a credential.</summary>
/// <param name="User">Whom it speaks for; null when it was refused.</param>
/// <param name="ExpiresAt">From when on it must be checked again.</param>
/// <param name="Keys">The keys it was verified with: other keys, and it must be checked again. Null for what the central site answered.</param>
internal sealed record CachedCredential(CurrentUser? User, DateTimeOffset ExpiresAt, SigningKeySet? Keys) : IExpires;
