using Central.Pages;
using Central.Platform;

namespace Central.Administration;

/// <summary>One account of the list.</summary>
internal sealed record AccountRow(string Id, string Username, string Email, string HomeTenant, bool IsEnabled);

/// <summary>What the page shows.</summary>
internal sealed record AccountsModel(IReadOnlyList<AccountRow> Accounts, Paging Paging);

/// <summary><c>/admin/users</c>: the accounts of all tenants. No permission rows speak of accounts, since no API serves them: the page itself decides.</summary>
internal sealed class AccountsPageEndpoint(PlatformDatabase platform, AdministrationAccess access) : IPage
{
    /// <summary>Where it is.</summary>
    public const string Path = "/admin/users";

    /// <inheritdoc/>
    public async Task<IResult> ShowAsync(PageContext page)
    {
        access.RequirePlatform(page);
        var (rows, paging) = await Paging.ReadAsync(
            page, Path, new() { Fields = ["name", "username", "email", "home_tenant", "enabled"], OrderBy = "username asc" }, searched: ["username", "email"],
            query => platform.RunAsync(db => db.GetAllAsync("Account", query, page.Cancelled)));
        return await page.RenderAsync<AccountsPage>(new AccountsModel(
            [.. rows.Select(row => new AccountRow(
                row.Get<string>("name")!, row.Get<string>("username")!, row.Get<string>("email")!, row.Get<string>("home_tenant")!, row.Get<bool>("enabled")))],
            paging));
    }
}
