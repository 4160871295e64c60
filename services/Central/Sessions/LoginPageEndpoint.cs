using Central.Pages;

namespace Central.Sessions;

/// <summary>What the login shows.</summary>
/// <param name="Action">Where its form goes, which keeps where to go afterwards.</param>
/// <param name="RedirectTo">Where to go afterwards.</param>
/// <param name="Username">What was typed before, or who a client expects.</param>
/// <param name="Error">Why the last try failed.</param>
internal sealed record LoginModel(string Action, string RedirectTo, string Username, string? Error);

/// <summary><c>/login?redirect-to=</c>: signs a browser in.</summary>
internal sealed class LoginPageEndpoint(PasswordLogin login, SignInPages steps) : IPage
{
    /// <inheritdoc/>
    public async Task<IResult> ShowAsync(PageContext page) =>
        page.Visitor is not null && page.Parameter("fresh").Length == 0
            ? page.SeeOther(LocalPath.OrHome(page.Parameter("redirect-to")))
            : await FormAsync(page, page.Parameter("login_hint"), error: null, StatusCodes.Status200OK);

    /// <inheritdoc/>
    public async Task<IResult> SubmitAsync(PageContext page)
    {
        var (username, password) = (page.Field("usr"), page.Field("pwd"));
        if (username.Length == 0 || password.Length == 0)
        {
            return await FormAsync(page, username, "Type your user name and your password.", StatusCodes.Status400BadRequest);
        }

        return await login.CheckAsync(page.Http, username, password) is { } member
            ? await steps.ContinueAsync(page, member.Account, AuthenticationMethods.Password, page.Parameter("redirect-to"))
            : await FormAsync(page, username, "User name or password is wrong.", StatusCodes.Status401Unauthorized);
    }

    private static Task<IResult> FormAsync(PageContext page, string username, string? error, int status)
    {
        var redirectTo = LocalPath.OrHome(page.Parameter("redirect-to"));
        return page.RenderAsync<LoginPage>(new LoginModel(LoginAddress.To(redirectTo, page.Parameter("fresh").Length > 0), redirectTo, username, error), status);
    }
}
