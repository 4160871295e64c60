using Central.Pages;
using Central.Platform;
using Central.Sessions;
using Central.Users;

namespace Central.Links;

/// <summary>What the page of a link to sign in shows.</summary>
/// <param name="Action">Where its form goes: without the key, which travels in the form.</param>
/// <param name="Key">The key.</param>
/// <param name="Username">Whom it signs in, so that nobody is signed in as somebody else by a link that was slipped to them.</param>
internal sealed record LoginLinkModel(string Action, string Key, string Username);

/// <summary>
/// <c>/api/method/frappe.www.login.login_via_key?key=</c>: where the link of a mail leads. Programs that look into mails open links too, so
/// opening it shows a button, and only the button signs in.
/// </summary>
internal sealed class LoginLinkPageEndpoint(PlatformDatabase platform, MembershipReader memberships, SignInPages signIn, LinkSettings settings, AuditLog audit) : IPage
{
    /// <inheritdoc/>
    public async Task<IResult> ShowAsync(PageContext page)
    {
        var key = page.Parameter("key");
        var account = await platform.RunAsync(async db => await EmailedKeyStore.FindAsync(db, settings.LoginLink, key, page.Cancelled) is { } userId
            ? await db.FindDocAsync<Account>(userId, page.Cancelled)
            : null);
        return account is not null && settings.IsLoginLinkOn
            ? await page.RenderAsync<LoginLinkPage>(new LoginLinkModel(settings.LoginLink.Path, key, account.Username))
            : throw LinkPurpose.Worthless();
    }

    /// <inheritdoc/>
    public async Task<IResult> SubmitAsync(PageContext page)
    {
        var account = !settings.IsLoginLinkOn ? null : await platform.RunAsync(async db => await EmailedKeyStore.SpendAsync(db, settings.LoginLink, page.Field("key"), page.Cancelled) is { } userId
            ? await db.FindDocAsync<Account>(userId, page.Cancelled)
            : null);
        if (account is null || (await memberships.AllAsync(account, page.Cancelled)).Count == 0)
        {
            await audit.RefusedAsync(page.Http, AuditEvents.LoginLink, new(account?.Name));
            throw LinkPurpose.Worthless();
        }

        await audit.DoneAsync(page.Http, AuditEvents.LoginLink, new(account.Name, account.HomeTenant));
        return await signIn.ContinueAsync(page, account, AuthenticationMethods.MailedLink, LocalPath.Home);
    }
}
