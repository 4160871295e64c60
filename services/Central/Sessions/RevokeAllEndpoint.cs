using Central.Platform;

namespace Central.Sessions;

/// <summary><c>POST /api/method/central.sessions.revoke_all</c>: signs the user out everywhere.</summary>
internal sealed class RevokeAllEndpoint(PlatformDatabase platform, SessionCookies cookies, AuditLog audit)
{
    public async Task<IResult> HandleAsync(HttpContext context, CurrentUser user)
    {
        AccountChanges.RequireSession(user);
        var ended = await platform.RunAsync(db => SignIns.EndAllAsync(db, user.Subject, tenant: null, context.RequestAborted));
        cookies.Clear(context);
        await audit.DoneAsync(context, AuditEvents.AllSessionsEnded, new(user.Subject, user.Tenant.Id));
        return TypedResults.Json(new { message = new { sessions = ended } });
    }
}
