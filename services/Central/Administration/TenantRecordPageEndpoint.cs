using Central.Pages;
using Central.Tenants;

namespace Central.Administration;

/// <summary>What the page shows.</summary>
internal sealed record TenantRecordModel(TenantRecord Tenant, string TenantName, string? Error);

/// <summary><c>/admin/tenants/edit?tenant=</c>: one tenant; renames, disables or enables it.</summary>
internal sealed class TenantRecordPageEndpoint(VisitorDatabase database, AdministrationAccess access) : IPage
{
    /// <summary>Where it is.</summary>
    public const string Path = "/admin/tenants/edit";

    /// <summary>The address of one tenant's page.</summary>
    public static string AddressOf(string tenant) => $"{Path}?tenant={Uri.EscapeDataString(tenant)}";

    /// <inheritdoc/>
    public async Task<IResult> ShowAsync(PageContext page)
    {
        access.RequirePlatform(page);
        return await FormAsync(page, typed: null, refusal: null);
    }

    /// <inheritdoc/>
    public async Task<IResult> SubmitAsync(PageContext page)
    {
        access.RequirePlatform(page);
        var (id, name, action) = (page.Parameter("tenant"), page.Field("tenant_name").Trim(), page.Field("action"));
        var refusal = await FormRefusal.CatchAsync(() => database.WriteAsync(page, db => db.UpdateAsync<TenantRecord>(
            id,
            tenant =>
            {
                switch (action)
                {
                    case "save":
                        tenant.TenantName = name;
                        break;
                    case "disable" or "enable":
                        tenant.Enabled = action is "enable";
                        break;
                    default:
                        throw new BadRequestException("Choose what to do");
                }
            },
            cancellationToken: page.Cancelled)));
        return refusal is null
            ? page.SeeOther(Notice.After(AddressOf(id), action is "save" ? "saved" : action + "d"))
            : await FormAsync(page, action is "save" ? name : null, refusal);
    }

    private async Task<IResult> FormAsync(PageContext page, string? typed, FormRefusal? refusal)
    {
        var tenant = await database.ReadAsync<TenantRecord>(page, page.Parameter("tenant"));
        return await page.RenderAsync<TenantRecordPage>(new TenantRecordModel(tenant, typed ?? tenant.TenantName, refusal?.Message), refusal?.Status ?? StatusCodes.Status200OK);
    }
}
