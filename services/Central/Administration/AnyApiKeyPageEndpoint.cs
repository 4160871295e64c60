using Central.ApiKeys;
using Central.Pages;
using Central.Platform;

namespace Central.Administration;

/// <summary><c>/admin/api-keys/edit?key=</c>: the key of any user; revokes it.</summary>
internal sealed class AnyApiKeyPageEndpoint(VisitorDatabase database, PlatformDatabase platform, AdministrationAccess access, AuditLog audit) : IPage
{
    /// <summary>Where it is.</summary>
    public const string Path = "/admin/api-keys/edit";

    /// <summary>The address of one key's page.</summary>
    public static string AddressOf(string key) => $"{Path}?key={Uri.EscapeDataString(key)}";

    /// <inheritdoc/>
    public async Task<IResult> ShowAsync(PageContext page)
    {
        access.RequirePlatform(page);
        var key = await database.ReadAsync<ApiKey>(page, page.Parameter("key"));
        return await page.RenderAsync<AnyApiKeyPage>(new AnyApiKey(key, await AllApiKeysPageEndpoint.NameOfUserAsync(platform, key.UserId, page.Cancelled)));
    }

    /// <inheritdoc/>
    public async Task<IResult> SubmitAsync(PageContext page)
    {
        var member = access.RequirePlatform(page).Member;
        var key = page.Parameter("key");
        await database.WriteAsync(page, db => db.UpdateAsync<ApiKey>(key, stored => stored.Enabled = false, cancellationToken: page.Cancelled));
        await audit.DoneAsync(page.Http, AuditEvents.ApiKeyRevoked, new(member.UserId, member.Tenant.Id, Reference: key));
        return page.SeeOther(Notice.After(AllApiKeysPageEndpoint.Path, "revoked"));
    }
}
