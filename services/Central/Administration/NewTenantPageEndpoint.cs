using Central.Pages;
using Central.Sessions;
using Central.Tenants;

namespace Central.Administration;

/// <summary>What the page shows: what was typed, but for the password.</summary>
internal sealed record NewTenantModel(string Tenant, string TenantName, string Email, string FullName, string? Error);

/// <summary><c>/admin/tenants/new</c>: makes a tenant with its first administrator.</summary>
internal sealed class NewTenantPageEndpoint(VisitorDatabase database, AdministrationAccess access, NewTenants tenants) : IPage
{
    /// <summary>Where it is.</summary>
    public const string Path = "/admin/tenants/new";

    /// <inheritdoc/>
    public Task<IResult> ShowAsync(PageContext page)
    {
        access.RequirePlatform(page);
        return page.RenderAsync<NewTenantPage>(new NewTenantModel("", "", "", "", Error: null));
    }

    /// <inheritdoc/>
    public async Task<IResult> SubmitAsync(PageContext page)
    {
        var user = LocalCredentials.OfSession(access.RequirePlatform(page).Member);
        await database.RunAsync(page, db => db.HasPermissionAsync(Rights.Create, new TenantRecord(), throws: true, page.Cancelled));
        return await FormRefusal.CatchAsync(() => tenants.MakeAsync(page.Http, user, page.Field)) is { } refusal
            ? await page.RenderAsync<NewTenantPage>(
                new NewTenantModel(page.Field("tenant"), page.Field("tenant_name"), page.Field("email"), page.Field("full_name"), refusal.Message), refusal.Status)
            : page.SeeOther(Notice.After(TenantsPageEndpoint.Path, "made"));
    }
}
