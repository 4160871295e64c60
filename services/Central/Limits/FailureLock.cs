using System.Collections.Concurrent;

namespace Central.Limits;

/// <summary>Locks what was guessed at too often.</summary>
/// <param name="maxFailures">Failures in a row that lock a key.</param>
/// <param name="firstLock">Length of the first lock.</param>
/// <param name="doubles">Whether each further lock of a key is twice as long, up to 15 minutes.</param>
/// <param name="time">The clock.</param>
internal sealed class FailureLock(int maxFailures, TimeSpan firstLock, bool doubles, TimeProvider time)
{
    private const int MaxKeys = 50_000;

    private static readonly TimeSpan s_longestLock = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Refuses while the key is locked.</summary>
    /// <exception cref="TooManyRequestsException">It is; the exception says for how long.</exception>
    public void ThrowIfLocked(string key)
    {
        if (_entries.TryGetValue(key, out var entry))
        {
            lock (entry)
            {
                var remaining = entry.LockedUntil - time.GetUtcNow();
                if (remaining > TimeSpan.Zero)
                {
                    throw new TooManyRequestsException("Too many failed attempts; try again later") { RetryAfter = remaining };
                }
            }
        }
    }

    /// <summary>Counts a failure. Returns whether it locked the key.</summary>
    public bool Failed(string key)
    {
        var now = time.GetUtcNow();
        if (_entries.Count >= MaxKeys)
        {
            Forget(now);
        }

        var entry = _entries.GetOrAdd(key, static _ => new Entry());
        lock (entry)
        {
            if (++entry.Failures < maxFailures)
            {
                return false;
            }

            var length = doubles ? firstLock * Math.Pow(2, Math.Min(entry.Locks, 10)) : firstLock;
            entry.LockedUntil = now + (doubles && length > s_longestLock ? s_longestLock : length);
            entry.Failures = 0;
            entry.Locks++;
            return true;
        }
    }

    /// <summary>Forgets the failures of a key.</summary>
    public void Succeeded(string key) => _entries.TryRemove(key, out _);

    /// <summary>Makes room when invented keys have filled the memory: counts go before locks, and locks only when there are none but them.</summary>
    private void Forget(DateTimeOffset now)
    {
        foreach (var (key, entry) in _entries)
        {
            if (now >= entry.LockedUntil)
            {
                _entries.TryRemove(key, out _);
            }
        }

        if (_entries.Count >= MaxKeys)
        {
            _entries.Clear();
        }
    }

    private sealed class Entry
    {
        public int Failures;
        public int Locks;
        public DateTimeOffset LockedUntil;
    }
}
