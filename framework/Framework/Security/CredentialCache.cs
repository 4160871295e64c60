using System.Collections.Concurrent;

namespace Microservices.Security;

/// <summary>What is remembered of a credential.</summary>
/// <param name="User">Whom it speaks for; null when it was refused.</param>
/// <param name="ExpiresAt">From when on it must be checked again.</param>
/// <param name="Keys">The keys it was verified with: other keys, and it must be checked again. Null for what the central site answered.</param>
internal sealed record CachedCredential(CurrentUser? User, DateTimeOffset ExpiresAt, SigningKeySet? Keys);

/// <summary>
/// Credentials that were checked a short time ago, at most <paramref name="capacity"/> of them. Two generations: a full young one
/// becomes the old one, and what the old one held and nobody asked for is forgotten.
/// </summary>
internal sealed class CredentialCache(int capacity)
{
    private readonly Lock _gate = new();
    private volatile Generation _young = new();
    private volatile Generation _old = new();

    /// <summary>The entry, or null when there is none or its time is over.</summary>
    public CachedCredential? Find(in CredentialHash hash, DateTimeOffset now)
    {
        if (!_young.Entries.TryGetValue(hash, out CachedCredential? entry) && _old.Entries.TryGetValue(hash, out entry) && now < entry.ExpiresAt)
        {
            Store(hash, entry);
        }

        return entry is not null && now < entry.ExpiresAt ? entry : null;
    }

    public void Store(in CredentialHash hash, CachedCredential entry)
    {
        Generation young = _young;
        young.Entries[hash] = entry;
        if (Interlocked.Increment(ref young.Stores) >= capacity / 2)
        {
            Age(young);
        }
    }

    /// <summary>How many entries are held.</summary>
    internal int Count => _young.Entries.Count + _old.Entries.Count;

    private void Age(Generation full)
    {
        lock (_gate)
        {
            if (ReferenceEquals(_young, full))
            {
                _old = full;
                _young = new Generation();
            }
        }
    }

    private sealed class Generation
    {
        public readonly ConcurrentDictionary<CredentialHash, CachedCredential> Entries = new();

        /// <summary>Counted apart, since counting a concurrent dictionary takes all its locks.</summary>
        public int Stores;
    }
}
