using Central.Factors;
using Central.Pages;
using Central.Platform;

namespace Central.Sessions;

/// <summary>What changes an account takes a person who is signed in, and for the more dangerous part, one who signed in just now.</summary>
internal sealed class AccountChanges(PlatformDatabase platform, SessionStore sessions, SecondFactors factors, TimeProvider time)
{
    private static readonly TimeSpan s_recent = TimeSpan.FromMinutes(10);

    /// <exception cref="PermissionException">The caller acts with a token or key.</exception>
    public static void RequireSession(CurrentUser user)
    {
        if (user.Kind is not CredentialKind.Session)
        {
            throw new PermissionException("This takes a signed-in session, not a token or key");
        }
    }

    /// <summary>Whether a session was opened within the last ten minutes.</summary>
    public bool IsRecent(Session session) => time.GetUtcNow() - SessionStore.SignedInAt(session) <= s_recent;

    /// <summary>Whether a session may change the second factors of its user: a young one, of a login with two factors when the user has them.</summary>
    public async Task<bool> MayChangeFactorsAsync(Session session, CancellationToken cancellationToken) =>
        IsRecent(session) && await factors.MayChangeAsync(session, cancellationToken);

    /// <exception cref="PermissionException">The caller acts with a token or key, or signed in more than ten minutes ago.</exception>
    public async Task RequireRecentLoginAsync(HttpContext context, CurrentUser user)
    {
        if (await FindSessionAsync(context, user) is not { } session || !IsRecent(session))
        {
            throw new PermissionException("Sign in again first: this takes a login of the last ten minutes");
        }
    }

    /// <summary>The session that changes a second factor.</summary>
    /// <exception cref="PermissionException">The caller acts with a token or key, or with a session that may not.</exception>
    public async Task<Session> RequireFactorChangeAsync(HttpContext context, CurrentUser user) =>
        await FindSessionAsync(context, user) is { } session && await MayChangeFactorsAsync(session, context.RequestAborted)
            ? session
            : throw new PermissionException("Sign in again first: this takes a login of the last ten minutes, with your second factor when you have one");

    /// <summary>The visitor of a page that changes an account, who signed in just now.</summary>
    /// <exception cref="SignInRequiredException">Nobody is signed in, or since more than ten minutes; the runner leads to the login and back.</exception>
    public Visitor RequireRecentVisitor(PageContext page) =>
        page.RequireVisitor() is var visitor && IsRecent(visitor.Session) ? visitor : throw new SignInRequiredException { IsFresh = true };

    private async Task<Session?> FindSessionAsync(HttpContext context, CurrentUser user)
    {
        RequireSession(user);
        return SessionCookie.Read(context.Request.Headers.Cookie) is { } sid ? await platform.RunAsync(db => sessions.FindAsync(db, sid, context.RequestAborted)) : null;
    }
}
