using System.Globalization;
using Central.Pages;
using Central.Platform;
using Central.Sessions;

namespace Central.ApiKeys;

/// <summary>What the page shows.</summary>
internal sealed record ApiKeyModel(ApiKey Key, string? Error);

/// <summary>A secret, to be shown once, and until when the one before it goes on.</summary>
internal sealed record ApiKeySecretModel(string Key, string Secret, DateTimeOffset? OldOneEnds);

/// <summary><c>/account/api-keys/edit?key=</c>: one of the user's own keys; gives it a new secret, or revokes it.</summary>
internal sealed class ApiKeyPageEndpoint(PlatformDatabase platform, ApiKeyChanges keys, AccountChanges changes, TimeProvider time) : IPage
{
    /// <summary>Where it is.</summary>
    public const string Path = "/account/api-keys/edit";

    /// <summary>The address of one key's page.</summary>
    public static string AddressOf(string key) => $"{Path}?key={Uri.EscapeDataString(key)}";

    /// <inheritdoc/>
    public async Task<IResult> ShowAsync(PageContext page) => await FormAsync(page, refusal: null);

    /// <inheritdoc/>
    public async Task<IResult> SubmitAsync(PageContext page)
    {
        var key = page.Parameter("key");
        if (page.Field("action") is "revoke")
        {
            await keys.RevokeAsync(page.Http, LocalCredentials.OfSession(page.RequireVisitor().Member), key);
            return page.SeeOther(Notice.After(ApiKeysPageEndpoint.Path, "revoked"));
        }

        var user = LocalCredentials.OfSession(changes.RequireRecentVisitor(page).Member);
        var (secret, overlap) = ("", TimeSpan.Zero);
        var refusal = await FormRefusal.CatchAsync(async () =>
        {
            overlap = int.TryParse(page.Field("overlap_hours"), NumberStyles.None, CultureInfo.InvariantCulture, out var hours) && hours <= ApiKeyStore.MaxOverlap.TotalHours
                ? TimeSpan.FromHours(hours)
                : throw new ValidationException("Choose for how long the old secret goes on");
            secret = await keys.RotateAsync(page.Http, user, key, overlap);
        });
        return refusal is null
            ? await page.RenderAsync<ApiKeySecretPage>(new ApiKeySecretModel(key, secret, overlap > TimeSpan.Zero ? time.GetUtcNow() + overlap : null))
            : await FormAsync(page, refusal);
    }

    private async Task<IResult> FormAsync(PageContext page, FormRefusal? refusal)
    {
        var userId = page.RequireVisitor().Member.UserId;
        var key = await platform.RunAsync(db => ApiKeyStore.OfUserAsync(db, userId, page.Parameter("key"), page.Cancelled)) ?? throw ApiKeyChanges.NoSuchKey();
        return await page.RenderAsync<ApiKeyPage>(new ApiKeyModel(key, refusal?.Message), refusal?.Status ?? StatusCodes.Status200OK);
    }
}
