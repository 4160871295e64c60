using Central.Platform;

namespace Central.Limits;

/// <summary>Locks what was guessed at too often, whichever processes the guesses came to.</summary>
/// <param name="kind">What is guessed at; keys of different kinds do not meet.</param>
/// <param name="maxFailures">Failures in a row that lock a key.</param>
/// <param name="firstLock">Length of the first lock.</param>
/// <param name="doubles">Whether each further lock of a key is twice as long, up to 15 minutes.</param>
/// <param name="platform">Where it is kept.</param>
/// <param name="time">The clock.</param>
/// <remarks>
/// One number tells all: attempts since the last success. Each multiple of <paramref name="maxFailures"/> is a lock, and the quotient says
/// which one. The row is locked in the database while it changes, so that attempts in several processes count one by one.
/// </remarks>
internal sealed class FailureLock(string kind, int maxFailures, TimeSpan firstLock, bool doubles, PlatformDatabase platform, TimeProvider time)
{
    private const int MostDoublings = 10;

    private static readonly TimeSpan s_longestLock = TimeSpan.FromMinutes(15);

    /// <summary>How long failures count after the last one, or after the lock that it caused.</summary>
    private static readonly TimeSpan s_memory = TimeSpan.FromDays(1);

    /// <summary>Refuses while the key is locked. Returns whether attempts are counted that a success would clear.</summary>
    /// <exception cref="TooManyRequestsException">It is locked; the exception says for how long.</exception>
    public async Task<bool> ThrowIfLockedAsync(string key, CancellationToken cancellationToken)
    {
        var counter = await platform.RunAsync(db => db.FindDocAsync<LimitCounter>(LimitCounter.NameOf(kind, key), cancellationToken));
        if (counter is not null)
        {
            ThrowIfLocked(counter);
        }

        return counter is not null;
    }

    /// <summary>
    /// Counts an attempt before anybody looks whether it is right, so that parallel guesses are counted too. One that turns out right is
    /// to be followed by <see cref="ClearAsync"/> or <see cref="GiveBackAsync"/>. Returns whether the key is locked now.
    /// </summary>
    /// <exception cref="TooManyRequestsException">The key was locked already.</exception>
    public async Task<bool> TakeAsync(string key, CancellationToken cancellationToken)
    {
        var name = LimitCounter.NameOf(kind, key);
        while (true)
        {
            try
            {
                return (await ChangeAsync(name, Take, cancellationToken)).LockedUntil is not null;
            }
            catch (DoesNotExistException)
            {
                var counter = new LimitCounter { Name = name };
                Take(counter);
                try
                {
                    await BusyRetry.RunAsync(() => platform.RunAsync(db => db.InsertAsync(counter, ignorePermissions: true, cancellationToken)));
                    return counter.LockedUntil is not null;
                }
                catch (DuplicateEntryException)
                {
                    // Another attempt made it first: this one is counted beside it.
                }
            }
        }
    }

    /// <summary>Takes one attempt back that was no failure, and no success that clears the others either.</summary>
    public async Task GiveBackAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            await ChangeAsync(LimitCounter.NameOf(kind, key), GiveBack, cancellationToken);
        }
        catch (DoesNotExistException)
        {
            // A success has cleared it meanwhile.
        }
    }

    /// <summary>Forgets the attempts of a key.</summary>
    public Task ClearAsync(string key, CancellationToken cancellationToken) =>
        BusyRetry.RunAsync(() => platform.RunAsync(db => db.TryDeleteAsync(LimitCounter.DocTypeName, LimitCounter.NameOf(kind, key), cancellationToken)));

    private Task<LimitCounter> ChangeAsync(string name, Action<LimitCounter> change, CancellationToken cancellationToken) =>
        BusyRetry.RunAsync(() => platform.RunAsync(db => db.UpdateAsync(name, change, ignorePermissions: true, cancellationToken)));

    private void Take(LimitCounter counter)
    {
        ThrowIfLocked(counter);
        var now = time.GetUtcNow().UtcDateTime;
        counter.Count = now < counter.Until ? counter.Count + 1 : 1;
        counter.LockedUntil = counter.Count % maxFailures == 0 ? now + LengthOf(counter.Count / maxFailures) : null;
        counter.Until = (counter.LockedUntil ?? now) + s_memory;
    }

    private void GiveBack(LimitCounter counter)
    {
        if (counter.Count % maxFailures == 0)
        {
            counter.LockedUntil = null;
        }

        counter.Count = Math.Max(counter.Count - 1, 0);
    }

    private TimeSpan LengthOf(int number)
    {
        var length = doubles ? firstLock * Math.Pow(2, Math.Min(number - 1, MostDoublings)) : firstLock;
        return doubles && length > s_longestLock ? s_longestLock : length;
    }

    private void ThrowIfLocked(LimitCounter counter)
    {
        if (counter.LockedUntil is { } end && end - time.GetUtcNow().UtcDateTime is var remaining && remaining > TimeSpan.Zero)
        {
            throw new TooManyRequestsException("Too many failed attempts; try again later") { RetryAfter = remaining };
        }
    }
}
