using Central.Pages;

namespace Central.Administration;

/// <summary>One user of the list.</summary>
internal sealed record UserRow(string Username, string FullName, string Email, bool IsEnabled);

/// <summary>What the page shows.</summary>
internal sealed record UsersModel(IReadOnlyList<UserRow> Users, Paging Paging);

/// <summary><c>/manage/users</c>: the users of the manager's tenant.</summary>
internal sealed class UsersPageEndpoint(VisitorDatabase database) : IPage
{
    /// <summary>Where it is.</summary>
    public const string Path = "/manage/users";

    /// <inheritdoc/>
    public async Task<IResult> ShowAsync(PageContext page)
    {
        AdministrationAccess.RequireManager(page);
        var (rows, paging) = await Paging.ReadAsync(
            page, Path, new() { Fields = ["name", "full_name", "email", "enabled"], OrderBy = "full_name asc, name asc" }, searched: ["name", "full_name", "email"],
            query => database.RunAsync(page, db => db.GetListAsync("User", query, page.Cancelled)));
        return await page.RenderAsync<UsersPage>(new UsersModel(
            [.. rows.Select(row => new UserRow(row.Get<string>("name")!, row.Get<string>("full_name") ?? "", row.Get<string>("email") ?? "", row.Get<bool>("enabled")))], paging));
    }
}
