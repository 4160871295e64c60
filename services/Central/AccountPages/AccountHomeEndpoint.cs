using Central.ApiKeys;
using Central.OAuth.Consents;
using Central.Pages;
using Central.Platform;
using Central.Sessions;
using Central.Users;

namespace Central.AccountPages;

/// <summary>What the account's first page shows.</summary>
internal sealed record AccountHomeModel(Membership Member, DateTimeOffset SignedInAt, int Sessions, int Consents, int ApiKeys);

/// <summary><c>/account</c>: who is signed in, and where to go.</summary>
internal sealed class AccountHomeEndpoint(PlatformDatabase platform, SessionStore sessions) : IPage
{
    /// <inheritdoc/>
    public async Task<IResult> ShowAsync(PageContext page)
    {
        var visitor = page.RequireVisitor();
        var userId = visitor.Member.UserId;
        var counts = await platform.RunAsync(async db => (
            Sessions: (await sessions.LiveOfUserAsync(db, userId, page.Cancelled)).Count,
            Consents: (await ConsentStore.OfUserAsync(db, userId, page.Cancelled)).Count,
            ApiKeys: (await ApiKeyStore.AllOfUserAsync(db, userId, page.Cancelled)).Count));
        return await page.RenderAsync<AccountHomePage>(
            new AccountHomeModel(visitor.Member, SessionStore.SignedInAt(visitor.Session), counts.Sessions, counts.Consents, counts.ApiKeys));
    }
}
