using Central.Pages;
using Central.Sessions;
using Central.Users;

namespace Central.AccountPages;

/// <summary>What the page shows.</summary>
/// <param name="Username">For password managers.</param>
/// <param name="MinLength">Least characters of the new password.</param>
/// <param name="Error">Why the last try was refused.</param>
internal sealed record PasswordModel(string Username, int MinLength, string? Error);

/// <summary><c>/account/password</c>: chooses a new password.</summary>
internal sealed class PasswordEndpoint(AccountChanges changes, PasswordLogin login, PasswordPolicy policy, PasswordChange password) : IPage
{
    /// <summary>Where it is.</summary>
    public const string Path = "/account/password";

    /// <inheritdoc/>
    public Task<IResult> ShowAsync(PageContext page) => FormAsync(page, changes.RequireRecentVisitor(page), error: null, StatusCodes.Status200OK);

    /// <inheritdoc/>
    public async Task<IResult> SubmitAsync(PageContext page)
    {
        var visitor = changes.RequireRecentVisitor(page);
        var (current, wanted) = (page.Field("current_password"), page.Field("new_password"));
        if (current.Length == 0 || wanted.Length == 0 || wanted != page.Field("repeated_password"))
        {
            return await FormAsync(page, visitor, current.Length == 0 || wanted.Length == 0 ? "Fill in all three fields." : "The two new passwords differ.", StatusCodes.Status400BadRequest);
        }

        if (await FormRefusal.CatchAsync(() => CheckAsync(visitor, wanted)) is { } weak)
        {
            return await FormAsync(page, visitor, weak.Message, weak.Status);
        }

        // Guesses count like those of the login, on the same counter.
        if (await login.CheckAsync(page.Http, visitor.Member.Username, current) is null)
        {
            return await FormAsync(page, visitor, "Your current password is another one.", StatusCodes.Status401Unauthorized);
        }

        await password.RunAsync(page.Http, visitor, wanted);
        return page.SeeOther(Notice.After(Path, "password"));
    }

    private Task CheckAsync(Visitor visitor, string password)
    {
        policy.Check(password, visitor.Member.Username, visitor.Member.Email, visitor.Member.FullName, visitor.Member.Tenant.Id);
        return Task.CompletedTask;
    }

    private Task<IResult> FormAsync(PageContext page, Visitor visitor, string? error, int status) =>
        page.RenderAsync<PasswordPage>(new PasswordModel(visitor.Member.Username, policy.MinLength, error), status);
}
