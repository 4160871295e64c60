using Central.Pages;

namespace Central.Administration;

/// <summary>One client of the list.</summary>
internal sealed record ClientRow(string Id, string Name, string Tenant, bool IsEnabled);

/// <summary>What the page shows.</summary>
internal sealed record ClientsModel(IReadOnlyList<ClientRow> Clients, Paging Paging);

/// <summary><c>/admin/clients</c>: all clients of the OAuth endpoints.</summary>
internal sealed class ClientsPageEndpoint(VisitorDatabase database, AdministrationAccess access) : IPage
{
    /// <summary>Where it is.</summary>
    public const string Path = "/admin/clients";

    /// <inheritdoc/>
    public async Task<IResult> ShowAsync(PageContext page)
    {
        access.RequirePlatform(page);
        var (rows, paging) = await Paging.ReadAsync(
            page, Path, new() { Fields = ["name", "client_name", "tenant", "enabled"], OrderBy = "name asc" }, searched: ["name", "client_name", "tenant"],
            query => database.RunAsync(page, db => db.GetListAsync("OAuth Client", query, page.Cancelled)));
        return await page.RenderAsync<ClientsPage>(new ClientsModel(
            [.. rows.Select(row => new ClientRow(row.Get<string>("name")!, row.Get<string>("client_name") ?? "", row.Get<string>("tenant") ?? "", row.Get<bool>("enabled")))], paging));
    }
}
