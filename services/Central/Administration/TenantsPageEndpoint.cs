using Central.Pages;

namespace Central.Administration;

/// <summary>One tenant of the list.</summary>
internal sealed record TenantRow(string Id, string Name, bool IsEnabled);

/// <summary>What the page shows.</summary>
internal sealed record TenantsModel(IReadOnlyList<TenantRow> Tenants, Paging Paging);

/// <summary><c>/admin/tenants</c>: all tenants.</summary>
internal sealed class TenantsPageEndpoint(VisitorDatabase database, AdministrationAccess access) : IPage
{
    /// <summary>Where it is.</summary>
    public const string Path = "/admin/tenants";

    /// <inheritdoc/>
    public async Task<IResult> ShowAsync(PageContext page)
    {
        access.RequirePlatform(page);
        var (rows, paging) = await Paging.ReadAsync(
            page, Path, new() { Fields = ["name", "tenant_name", "enabled"], OrderBy = "name asc" }, searched: ["name", "tenant_name"],
            query => database.RunAsync(page, db => db.GetListAsync("Tenant", query, page.Cancelled)));
        return await page.RenderAsync<TenantsPage>(new TenantsModel(
            [.. rows.Select(row => new TenantRow(row.Get<string>("name")!, row.Get<string>("tenant_name") ?? "", row.Get<bool>("enabled")))], paging));
    }
}
