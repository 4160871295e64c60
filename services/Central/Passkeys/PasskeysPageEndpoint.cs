using Central.Pages;
using Central.Platform;
using Central.Sessions;

namespace Central.Passkeys;

/// <summary>What the page of passkeys shows.</summary>
/// <param name="Passkeys">The user's passkeys.</param>
/// <param name="MayChange">Whether the login is good enough for changes.</param>
/// <param name="CsrfToken">What the page's script sends along.</param>
internal sealed record PasskeysModel(IReadOnlyList<Passkey> Passkeys, bool MayChange, string CsrfToken);

/// <summary><c>/account/passkeys</c>: a user's passkeys.</summary>
internal sealed class PasskeysPageEndpoint(PlatformDatabase platform, AccountChanges account) : IPage
{
    /// <summary>Where it is.</summary>
    public const string Path = "/account/passkeys";

    /// <inheritdoc/>
    public async Task<IResult> ShowAsync(PageContext page)
    {
        var visitor = page.RequireVisitor();
        var passkeys = await platform.RunAsync(db => PasskeyStore.OfUserAsync(db, visitor.Member.UserId, page.Cancelled));
        return await page.RenderAsync<PasskeysPage>(new PasskeysModel(passkeys, await account.MayChangeFactorsAsync(visitor.Session, page.Cancelled), CsrfToken.For(visitor.Sid)));
    }
}
