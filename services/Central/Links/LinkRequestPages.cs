using Central.Pages;

namespace Central.Links;

/// <summary>What the page shows on which a link is asked for.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Action">Where its form goes.</param>
/// <param name="Hint">What the link will be for.</param>
/// <param name="IsSent">Whether somebody has just asked.</param>
internal sealed record LinkRequestModel(string Title, string Action, string Hint, bool IsSent);

/// <summary>A page on which a guest asks for a link. Every name is answered alike.</summary>
internal abstract class LinkRequestPageEndpoint(LinkMails links, LinkPurpose purpose, bool isOn, LinkRequestModel model) : IPage
{
    /// <inheritdoc/>
    public Task<IResult> ShowAsync(PageContext page)
    {
        RequireOn();
        return page.RenderAsync<LinkRequestPage>(model with { IsSent = page.Parameter("sent").Length > 0 });
    }

    /// <inheritdoc/>
    public async Task<IResult> SubmitAsync(PageContext page)
    {
        RequireOn();
        if (page.Field("usr") is not { Length: > 0 } login)
        {
            return await page.RenderAsync<LinkRequestPage>(model, StatusCodes.Status400BadRequest);
        }

        await links.AskAsync(page.Http, purpose, login);
        return page.SeeOther(model.Action + "?sent=1");
    }

    private void RequireOn()
    {
        if (!isOn)
        {
            throw new PermissionException($"This site sends no {purpose.Name} by mail: ask your administrator");
        }
    }
}

/// <summary><c>/login/link</c>: asks for a link to sign in.</summary>
internal sealed class LoginLinkRequestPage(LinkMails links, LinkSettings settings) : LinkRequestPageEndpoint(
    links, settings.LoginLink, settings.IsLoginLinkOn, new LinkRequestModel("Sign in by mail", Path, "You get a mail with a link that signs you in.", IsSent: false))
{
    public const string Path = "/login/link";
}

/// <summary><c>/forgot-password</c>: asks for a link to choose a new password.</summary>
internal sealed class ForgotPasswordPage(LinkMails links, LinkSettings settings) : LinkRequestPageEndpoint(
    links, settings.PasswordReset, settings.IsPasswordResetOn, new LinkRequestModel("New password", Path, "You get a mail with a link to choose a new password.", IsSent: false))
{
    public const string Path = "/forgot-password";
}
