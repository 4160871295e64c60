using Central.Factors;
using Central.Platform;
using Central.Sessions;
using Central.Users;

namespace Central.Pages;

/// <summary>Finds who a browser is signed in as.</summary>
internal sealed class VisitorReader(PlatformDatabase platform, SessionStore sessions, MembershipReader memberships, SecondFactors factors)
{
    /// <summary>The visitor, or null.</summary>
    public async Task<Visitor?> FindAsync(HttpContext context)
    {
        if (ReadSid(context.Request) is not { } sid || await platform.RunAsync(db => sessions.FindAsync(db, sid, context.RequestAborted)) is not { } session)
        {
            return null;
        }

        return await memberships.FindAsync(session.UserId, session.Tenant, context.RequestAborted) is { } member && await factors.SatisfiesAsync(member, session.Amr, context.RequestAborted)
            ? new Visitor(sid, session, member)
            : null;
    }

    /// <summary>The <c>sid</c> of a request; null when there is none, or more than one, of which nobody knows which was planted.</summary>
    public static string? ReadSid(HttpRequest request)
    {
        try
        {
            return SessionCookie.Read(request.Headers.Cookie);
        }
        catch (AuthenticationException)
        {
            return null;
        }
    }
}
