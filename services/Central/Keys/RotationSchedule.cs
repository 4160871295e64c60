namespace Central.Keys;

/// <summary>A key and from when on it signs.</summary>
internal sealed record ScheduledKey(int Number, DateTimeOffset SignsFrom, PrivateSigningKey Key);

/// <summary>
/// When a key is made, signs and goes. It follows from the keys' fixed times alone, so that all processes of one database come to
/// the same keys without talking.
/// </summary>
internal static class RotationSchedule
{
    /// <summary>How long a key signs.</summary>
    public static readonly TimeSpan SigningPeriod = TimeSpan.FromDays(90);

    /// <summary>How long a key is published before it signs, so that services have fetched it by then.</summary>
    public static readonly TimeSpan PublishedAhead = TimeSpan.FromHours(24);

    /// <summary>
    /// How long a key that is made by command is published before it signs: as soon as everybody can know it. The site's processes look every ten
    /// seconds, and the services, like every cache that goes by the document's <c>max-age</c>, every five minutes; the last minute is for clocks.
    /// A service that missed it fetches once more when it sees a key that it does not know.
    /// </summary>
    public static readonly TimeSpan PublishedAheadByCommand = TimeSpan.FromMinutes(5 + 1);

    /// <summary>How long a key is published after the next one signs: the longest life of a token, and some time for clocks.</summary>
    public static readonly TimeSpan PublishedAfter = TimeSpan.FromHours(1) + TimeSpan.FromMinutes(10);

    /// <summary>The key that signs now: of those whose time has come the last one, or the first of all.</summary>
    public static ScheduledKey Signing(IReadOnlyList<ScheduledKey> keys, DateTimeOffset now) => keys.LastOrDefault(key => key.SignsFrom <= now) ?? keys[0];

    /// <summary>Whether a key's signatures are not needed any more.</summary>
    public static bool IsRetired(IReadOnlyList<ScheduledKey> keys, ScheduledKey key, DateTimeOffset now) =>
        keys.Where(later => later.Number > key.Number).MinBy(later => later.SignsFrom) is { } next && next.SignsFrom + PublishedAfter <= now;

    /// <summary>From when on a key that is made now signs; null when none is due.</summary>
    public static DateTimeOffset? NextSignsFrom(IReadOnlyList<ScheduledKey> keys, DateTimeOffset now)
    {
        if (keys.Count == 0)
        {
            return now;
        }

        var due = keys[^1].SignsFrom + SigningPeriod;
        return now < due - PublishedAhead ? null : now + PublishedAhead > due ? now + PublishedAhead : due;
    }

    /// <summary>The next moment at which another key signs or one is retired; null when none is planned.</summary>
    public static DateTimeOffset? NextChange(IReadOnlyList<ScheduledKey> keys, DateTimeOffset now)
    {
        var moments = keys.Skip(1).SelectMany(key => (DateTimeOffset[])[key.SignsFrom, key.SignsFrom + PublishedAfter]).Where(moment => moment > now).ToList();
        return moments.Count > 0 ? moments.Min() : null;
    }
}
