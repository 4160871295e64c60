using System.Collections.Concurrent;

namespace Microservices.Security;

/// <summary>
/// What was found out a short time ago, at most <paramref name="capacity"/> entries. Two generations: a full young one
/// becomes the old one, and what the old one held and nobody asked for is forgotten.
/// </summary>
internal sealed class ExpiringCache<TKey, TEntry>(int capacity)
    where TKey : notnull
    where TEntry : class, IExpires
{
    private readonly Lock _gate = new();
    private volatile Generation _young = new();
    private volatile Generation _old = new();

    /// <summary>The entry, or null when there is none or its time is over.</summary>
    public TEntry? Find(TKey key, DateTimeOffset now)
    {
        if (!_young.Entries.TryGetValue(key, out TEntry? entry) && _old.Entries.TryGetValue(key, out entry) && now < entry.ExpiresAt)
        {
            Store(key, entry);
        }

        return entry is not null && now < entry.ExpiresAt ? entry : null;
    }

    public void Store(TKey key, TEntry entry)
    {
        Generation young = _young;
        young.Entries[key] = entry;
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
        public readonly ConcurrentDictionary<TKey, TEntry> Entries = new();

        /// <summary>Counted apart, since counting a concurrent dictionary takes all its locks.</summary>
        public int Stores;
    }
}
