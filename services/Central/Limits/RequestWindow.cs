using System.Collections.Concurrent;

namespace Central.Limits;

/// <summary>How many requests of one key pass in a while.</summary>
/// <param name="limit">So many.</param>
/// <param name="time">The clock.</param>
/// <param name="length">The while; null for a minute.</param>
internal sealed class RequestWindow(int limit, TimeProvider time, TimeSpan? length = null)
{
    private const int MaxKeys = 50_000;

    private readonly TimeSpan _length = length ?? TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Window> _windows = new(StringComparer.Ordinal);

    /// <summary>Counts a request.</summary>
    /// <exception cref="TooManyRequestsException">The key has used its requests of this while up.</exception>
    public void Count(string key)
    {
        var now = time.GetUtcNow();
        if (_windows.Count >= MaxKeys)
        {
            Forget(now);
        }

        var window = _windows.GetOrAdd(key, static (_, now) => new Window { Start = now }, now);
        lock (window)
        {
            if (now - window.Start >= _length)
            {
                (window.Start, window.Count) = (now, 0);
            }

            if (++window.Count > limit)
            {
                throw new TooManyRequestsException("Too many requests; try again later") { RetryAfter = window.Start + _length - now };
            }
        }
    }

    /// <summary>Makes room when more keys than fit have come within the while.</summary>
    private void Forget(DateTimeOffset now)
    {
        foreach (var (key, window) in _windows)
        {
            if (now - window.Start >= _length)
            {
                _windows.TryRemove(key, out _);
            }
        }

        if (_windows.Count >= MaxKeys)
        {
            _windows.Clear();
        }
    }

    private sealed class Window
    {
        public DateTimeOffset Start;
        public int Count;
    }
}
