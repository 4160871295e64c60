using System.Security.Cryptography;
using System.Text;
using Central.Platform;
using Central.Settings;

namespace Central.Sessions;

/// <summary>Opens, finds and ends sessions. Works in the platform tenant.</summary>
internal sealed class SessionStore(CentralSettings settings, TimeProvider time)
{
    private const string DocType = "Session";
    private const int SidBytes = 32;
    private const int MaxAtOnce = 10_000;

    private static readonly TimeSpan s_leastBetweenTouches = TimeSpan.FromMinutes(5);

    /// <summary>The name under which a session is kept.</summary>
    public static string Hash(string sid) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sid)));

    /// <summary>Opens a session with a new <c>sid</c>, and ends the user's oldest ones when there are too many.</summary>
    public async Task<string> OpenAsync(TenantDb platform, Session session, CancellationToken cancellationToken)
    {
        var sid = RandomNumberGenerator.GetHexString(SidBytes * 2, lowercase: true);
        var known = await platform.NamesAsync(DocType, new("user_id", session.UserId), limit: 1000, cancellationToken);
        foreach (var oldest in known.SkipLast(settings.MaxSessionsPerUser - 1))
        {
            await platform.TryDeleteAsync(DocType, oldest, cancellationToken);
        }

        var now = platform.Now;
        (session.Name, session.LastSeen, session.EndsAt) = (Hash(sid), now, now + settings.SessionAbsoluteTimeout);
        await platform.InsertAsync(session, ignorePermissions: true, cancellationToken);
        return sid;
    }

    /// <summary>The session of a <c>sid</c>, or null when there is none or its time is over. Finding it counts as use.</summary>
    public async Task<Session?> FindAsync(TenantDb platform, string sid, CancellationToken cancellationToken)
    {
        var session = await platform.FindDocAsync<Session>(Hash(sid), cancellationToken);
        if (session is null)
        {
            return null;
        }

        var now = time.GetUtcNow();
        if (now >= ExpiryOf(session))
        {
            return null;
        }

        // A write a request would cost more than the request; a write now and then is exact enough.
        var interval = settings.SessionIdleTimeout / 10 < s_leastBetweenTouches ? settings.SessionIdleTimeout / 10 : s_leastBetweenTouches;
        if (now - Utc(session.LastSeen) >= interval)
        {
            await TouchAsync(platform, session, cancellationToken);
        }

        return session;
    }

    /// <summary>When a session ends if it is not used any more.</summary>
    public DateTimeOffset ExpiryOf(Session session)
    {
        var (idle, absolute) = (Utc(session.LastSeen) + settings.SessionIdleTimeout, Utc(session.EndsAt));
        return idle < absolute ? idle : absolute;
    }

    /// <summary>When the user signed in.</summary>
    public static DateTimeOffset SignedInAt(Session session) => Utc(session.Creation);

    /// <summary>Ends a session. Returns whether there was one.</summary>
    public static Task<bool> EndAsync(TenantDb platform, string sid, CancellationToken cancellationToken) => platform.TryDeleteAsync(DocType, Hash(sid), cancellationToken);

    /// <summary>The sessions of a user, the latest first.</summary>
    public static async Task<IReadOnlyList<Session>> OfUserAsync(TenantDb platform, string userId, CancellationToken cancellationToken)
    {
        var sessions = new List<Session>();
        foreach (var name in (await platform.NamesAsync(DocType, new("user_id", userId), MaxAtOnce, cancellationToken)).Reverse())
        {
            if (await platform.FindDocAsync<Session>(name, cancellationToken) is { } session)
            {
                sessions.Add(session);
            }
        }

        return sessions;
    }

    /// <summary>The sessions of a user whose time is not over, the latest used first.</summary>
    public async Task<IReadOnlyList<Session>> LiveOfUserAsync(TenantDb platform, string userId, CancellationToken cancellationToken) =>
        [.. (await OfUserAsync(platform, userId, cancellationToken)).Where(session => time.GetUtcNow() < ExpiryOf(session))];

    /// <summary>Ends one session of a user, by its hash. Returns whether the user had it.</summary>
    public static async Task<bool> EndOfUserAsync(TenantDb platform, string userId, string hash, CancellationToken cancellationToken) =>
        await platform.FindDocAsync<Session>(hash, cancellationToken) is { } session && session.UserId == userId &&
        await platform.TryDeleteAsync(DocType, hash, cancellationToken);

    /// <summary>Ends all sessions of a user; of one tenant only, when it is named.</summary>
    public static async Task<int> EndAllAsync(TenantDb platform, string userId, string? tenant, CancellationToken cancellationToken)
    {
        var ended = 0;
        foreach (var session in await OfUserAsync(platform, userId, cancellationToken))
        {
            if ((tenant is null || session.Tenant == tenant) && await platform.TryDeleteAsync(DocType, session.Name, cancellationToken))
            {
                ended++;
            }
        }

        return ended;
    }

    private static async Task TouchAsync(TenantDb platform, Session session, CancellationToken cancellationToken)
    {
        try
        {
            await platform.UpdateAsync<Session>(session.Name, stored => stored.LastSeen = platform.Now, ignorePermissions: true, cancellationToken);
            session.LastSeen = platform.Now;
        }
        catch (Exception exception) when (exception is DoesNotExistException or TimestampMismatchException)
        {
            // It was ended, or another request touched it, between the two statements.
        }
    }

    /// <summary>A time of the tables, which hold UTC.</summary>
    public static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
