using Central.Platform;

namespace Central.Sessions;

/// <summary><c>POST /api/method/logout</c>: ends the session of the cookie, in the tables and not only in the browser.</summary>
internal sealed class LogoutEndpoint(PlatformDatabase platform, SessionCookies cookies, OriginRule origins, AuditLog audit)
{
    public async Task<IResult> HandleAsync(HttpContext context)
    {
        if (ReadSid(context.Request) is { } sid)
        {
            if (!origins.Allows(context.Request) || !CsrfToken.IsAbsentOrRight(context.Request, sid))
            {
                throw AuthenticationErrors.ForeignOrigin();
            }

            if (await platform.RunAsync(db => SessionStore.EndAsync(db, sid, context.RequestAborted)))
            {
                await audit.DoneAsync(context, AuditEvents.Logout, new(Reference: SessionStore.Hash(sid)));
            }
        }

        cookies.Clear(context);
        return TypedResults.Json(new { message = "Logged out", home_page = "/", full_name = "Guest" });
    }

    private static string? ReadSid(HttpRequest request)
    {
        try
        {
            return SessionCookie.Read(request.Headers.Cookie);
        }
        catch (AuthenticationException)
        {
            return null; // no session has such an id
        }
    }
}
