using Central.Platform;

namespace Central.Sessions;

/// <summary>Ends a browser's session, in the tables and not only in the browser.</summary>
internal sealed class SignOut(PlatformDatabase platform, SessionCookies cookies, AuditLog audit)
{
    /// <summary>Ends it, if there is one, and makes the browser forget.</summary>
    public async Task EndAsync(HttpContext context, string? sid)
    {
        if (sid is not null && await platform.RunAsync(db => SessionStore.EndAsync(db, sid, context.RequestAborted)))
        {
            await audit.DoneAsync(context, AuditEvents.Logout, new(Reference: SessionStore.Hash(sid)));
        }

        cookies.Clear(context);
    }
}
