using Central.Pages;
using Central.Platform;

namespace Central.ApiKeys;

/// <summary>What the page shows.</summary>
internal sealed record ApiKeysModel(IReadOnlyList<ApiKey> Keys, DateTime Now);

/// <summary><c>/account/api-keys</c>: the user's own keys.</summary>
internal sealed class ApiKeysPageEndpoint(PlatformDatabase platform) : IPage
{
    /// <summary>Where it is.</summary>
    public const string Path = "/account/api-keys";

    /// <inheritdoc/>
    public async Task<IResult> ShowAsync(PageContext page)
    {
        var userId = page.RequireVisitor().Member.UserId;
        return await page.RenderAsync<ApiKeysPage>(await platform.RunAsync(async db => new ApiKeysModel(await ApiKeyStore.AllOfUserAsync(db, userId, page.Cancelled), db.Now)));
    }
}
