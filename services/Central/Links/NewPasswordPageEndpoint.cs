using Central.Pages;
using Central.Platform;
using Central.Users;

namespace Central.Links;

/// <summary>What the page on which a new password is chosen shows.</summary>
/// <param name="Action">Where its form goes: without the key, which travels in the form.</param>
/// <param name="Key">The key.</param>
/// <param name="Username">Whose password it will be.</param>
/// <param name="Error">Why the last one was refused.</param>
internal sealed record NewPasswordModel(string Action, string Key, string Username, string? Error);

/// <summary>
/// <c>/update-password?key=</c>: takes a new password from who has the key of a mail. It signs nobody in: who has the mailbox alone still
/// meets the second factor at the login, to which it leads.
/// </summary>
internal sealed class NewPasswordPageEndpoint(PlatformDatabase platform, PasswordReset reset, LinkSettings settings) : IPage
{
    /// <inheritdoc/>
    public Task<IResult> ShowAsync(PageContext page) => FormAsync(page, page.Parameter("key"), error: null, StatusCodes.Status200OK);

    /// <inheritdoc/>
    public async Task<IResult> SubmitAsync(PageContext page)
    {
        var key = page.Field("key");
        try
        {
            var username = await reset.RunAsync(page.Http, key, page.Field("new_password"));
            return page.SeeOther(LoginAddress.To(LocalPath.Home, loginHint: username));
        }
        catch (ValidationException weak)
        {
            return await FormAsync(page, key, weak.Message + ".", StatusCodes.Status400BadRequest);
        }
    }

    private async Task<IResult> FormAsync(PageContext page, string key, string? error, int status)
    {
        var account = await platform.RunAsync(async db => await EmailedKeyStore.FindAsync(db, settings.PasswordReset, key, page.Cancelled) is { } userId
            ? await db.FindDocAsync<Account>(userId, page.Cancelled)
            : null);
        return account is null
            ? throw LinkPurpose.Worthless()
            : await page.RenderAsync<NewPasswordPage>(new NewPasswordModel(settings.PasswordReset.Path, key, account.Username, error), status);
    }
}
