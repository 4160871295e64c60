using System.Collections.Concurrent;

namespace Central.Limits;

/// <summary>How many requests of one key pass in a minute.</summary>
internal sealed class RequestWindow(int limit, TimeProvider time)
{
    private const int MaxKeys = 50_000;

    private static readonly TimeSpan s_length = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Window> _windows = new(StringComparer.Ordinal);

    /// <summary>Counts a request.</summary>
    /// <exception cref="TooManyRequestsException">The key has used its requests of this minute up.</exception>
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
            if (now - window.Start >= s_length)
            {
                (window.Start, window.Count) = (now, 0);
            }

            if (++window.Count > limit)
            {
                throw new TooManyRequestsException("Too many requests; try again later") { RetryAfter = window.Start + s_length - now };
            }
        }
    }

    /// <summary>Makes room when more keys than fit have come within a minute.</summary>
    private void Forget(DateTimeOffset now)
    {
        foreach (var (key, window) in _windows)
        {
            if (now - window.Start >= s_length)
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
