using System.Collections.Concurrent;
using Central.Platform;

namespace Central.Limits;

/// <summary>How many requests of one key pass in a stretch of time, whichever process they come to.</summary>
/// <param name="kind">What is counted; keys of different kinds do not meet.</param>
/// <param name="limit">Requests that pass.</param>
/// <param name="length">How long a count lasts, from the first request on.</param>
/// <param name="platform">Where it is kept.</param>
/// <param name="time">The clock.</param>
/// <remarks>
/// Each request is counted in the database by one statement: 0.4 ms of the 1.6 ms of a token request, on MariaDB with 16 callers. Counting in
/// blocks, a process taking several requests of a key's limit at a time, would save most of that, yet refuse clients that are within their
/// limit: what one process has taken and not used, the others miss.
/// </remarks>
internal sealed class RequestWindow(string kind, int limit, TimeSpan length, PlatformDatabase platform, TimeProvider time)
{
    private const int MaxSpentKeys = 10_000;

    /// <summary>Keys that have used their requests up, until when: a flood of refused requests costs the database nothing.</summary>
    private readonly ConcurrentDictionary<string, DateTimeOffset> _spent = new(StringComparer.Ordinal);

    /// <summary>Counts a request.</summary>
    /// <exception cref="TooManyRequestsException">The key has used its requests of this stretch up.</exception>
    public async Task CountAsync(string key, CancellationToken cancellationToken)
    {
        var name = LimitCounter.NameOf(kind, key);
        if (_spent.TryGetValue(name, out var until))
        {
            ThrowUntil(until);
            _spent.TryRemove(name, out _);
        }

        var tally = await BusyRetry.RunAsync(() => platform.RunAsync(async db => await db.CountOneAsync(LimitCounter.DocTypeName, name, length, cancellationToken)));
        if (tally.Count > limit)
        {
            if (_spent.Count >= MaxSpentKeys)
            {
                _spent.Clear(); // they are counted, and refused, by the database again
            }

            until = new DateTimeOffset(tally.Until, TimeSpan.Zero);
            _spent[name] = until;
            ThrowUntil(until);
        }
    }

    private void ThrowUntil(DateTimeOffset until)
    {
        if (until - time.GetUtcNow() is var remaining && remaining > TimeSpan.Zero)
        {
            throw new TooManyRequestsException("Too many requests; try again later") { RetryAfter = remaining };
        }
    }
}
