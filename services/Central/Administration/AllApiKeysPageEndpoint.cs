using Central.ApiKeys;
using Central.Pages;
using Central.Platform;
using Central.Users;

namespace Central.Administration;

/// <summary>One key, with the user's name.</summary>
internal sealed record AnyApiKey(ApiKey Key, string Username);

/// <summary>What the page shows.</summary>
internal sealed record AllApiKeysModel(IReadOnlyList<AnyApiKey> Keys, Paging Paging);

/// <summary><c>/admin/api-keys</c>: the keys of all users.</summary>
internal sealed class AllApiKeysPageEndpoint(VisitorDatabase database, PlatformDatabase platform, AdministrationAccess access) : IPage
{
    /// <summary>Where it is.</summary>
    public const string Path = "/admin/api-keys";

    /// <inheritdoc/>
    public async Task<IResult> ShowAsync(PageContext page)
    {
        access.RequirePlatform(page);
        var (rows, paging) = await Paging.ReadAsync(
            page, Path, new() { OrderBy = "creation desc" }, searched: ["name", "label", "user_id", "tenant"],
            query => database.RunAsync(page, db => db.GetListAsync("API Key", query, page.Cancelled)));
        var keys = new List<AnyApiKey>();
        foreach (var row in rows)
        {
            var key = await database.ReadAsync<ApiKey>(page, row.Get<string>("name")!);
            keys.Add(new AnyApiKey(key, await NameOfUserAsync(platform, key.UserId, page.Cancelled)));
        }

        return await page.RenderAsync<AllApiKeysPage>(new AllApiKeysModel(keys, paging));
    }

    /// <summary>The user name of an id; the id itself when its account is gone.</summary>
    public static async Task<string> NameOfUserAsync(PlatformDatabase platform, string userId, CancellationToken cancellationToken) =>
        (await platform.RunAsync(db => db.FindDocAsync<Account>(userId, cancellationToken)))?.Username ?? userId;
}
