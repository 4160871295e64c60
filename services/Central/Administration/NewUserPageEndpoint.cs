using Central.Pages;
using Central.Users;

namespace Central.Administration;

/// <summary>What the page shows: what was typed, but for the password.</summary>
internal sealed record NewUserModel(NewUser User, IReadOnlyList<string> Roles, bool CanMailLinks, string? Error);

/// <summary><c>/manage/users/new</c>: makes a user of the manager's tenant.</summary>
internal sealed class NewUserPageEndpoint(VisitorDatabase database, NewUsers users) : IPage
{
    /// <summary>Where it is.</summary>
    public const string Path = "/manage/users/new";

    /// <inheritdoc/>
    public Task<IResult> ShowAsync(PageContext page)
    {
        AdministrationAccess.RequireManager(page);
        return FormAsync(page, new NewUser("", "", "", "", "", "", "", []), refusal: null);
    }

    /// <inheritdoc/>
    public async Task<IResult> SubmitAsync(PageContext page)
    {
        AdministrationAccess.RequireManager(page);
        var made = new NewUser(
            page.Field("email").Trim(), page.Field("username").Trim(), page.Field("full_name").Trim(), page.Field("given_name").Trim(), page.Field("family_name").Trim(),
            page.Field("language"), page.Field("password"), RoleChoice.Read(page));
        Account? account = null;
        var refusal = await FormRefusal.CatchAsync(async () => account = await database.RunAsync(page, db => users.MakeAsync(page.Http, db, made)));
        return account is null ? await FormAsync(page, made, refusal) : page.SeeOther(Notice.After(UserPageEndpoint.AddressOf(account.Username), "made"));
    }

    private async Task<IResult> FormAsync(PageContext page, NewUser typed, FormRefusal? refusal) => await page.RenderAsync<NewUserPage>(
        new NewUserModel(typed, await RoleChoice.AllAsync(database, page), users.CanMailLinks, refusal?.Message), refusal?.Status ?? StatusCodes.Status200OK);
}
