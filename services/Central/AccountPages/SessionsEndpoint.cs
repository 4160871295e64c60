using Central.Pages;
using Central.Platform;
using Central.Sessions;

namespace Central.AccountPages;

/// <summary>One session on the page; its hash is what ends it.</summary>
internal sealed record SessionRow(string Hash, string Browser, string UserAgent, string Address, string Tenant, DateTimeOffset SignedInAt, DateTimeOffset LastSeen, bool IsThis);

/// <summary>What the page shows.</summary>
internal sealed record SessionsModel(IReadOnlyList<SessionRow> Sessions);

/// <summary><c>/account/sessions</c>: where the user is signed in; ends one, or everything.</summary>
internal sealed class SessionsEndpoint(PlatformDatabase platform, SessionStore sessions, SessionCookies cookies, AuditLog audit) : IPage
{
    /// <summary>Where it is.</summary>
    public const string Path = "/account/sessions";

    /// <inheritdoc/>
    public async Task<IResult> ShowAsync(PageContext page)
    {
        var visitor = page.RequireVisitor();
        var live = await platform.RunAsync(db => sessions.LiveOfUserAsync(db, visitor.Member.UserId, page.Cancelled));
        return await page.RenderAsync<SessionsPage>(new SessionsModel([.. live.Select(session => new SessionRow(
            session.Name, BrowserName.Of(session.UserAgent), session.UserAgent, session.Address, session.Tenant, SessionStore.SignedInAt(session), SessionStore.Utc(session.LastSeen),
            session.Name == visitor.Session.Name))]));
    }

    /// <inheritdoc/>
    public async Task<IResult> SubmitAsync(PageContext page)
    {
        var visitor = page.RequireVisitor();
        if (page.Field("all").Length > 0)
        {
            await platform.InTransactionAsync(db => SignIns.EndAllAsync(db, visitor.Member.UserId, tenant: null, page.Cancelled), page.Cancelled);
            cookies.Clear(page.Http);
            await audit.DoneAsync(page.Http, AuditEvents.AllSessionsEnded, new(visitor.Member.UserId, visitor.Member.Tenant.Id));
            return page.SeeOther(LoginAddress.To(LocalPath.Home));
        }

        var hash = page.Field("session");
        if (!await platform.RunAsync(db => SessionStore.EndOfUserAsync(db, visitor.Member.UserId, hash, page.Cancelled)))
        {
            throw new DoesNotExistException("You have no such session: it may have ended meanwhile");
        }

        await audit.DoneAsync(page.Http, AuditEvents.SessionRevoked, new(visitor.Member.UserId, visitor.Member.Tenant.Id, Reference: hash));
        if (hash == visitor.Session.Name)
        {
            cookies.Clear(page.Http);
        }

        return page.SeeOther(Notice.After(Path, "ended"));
    }
}
