using Central.Pages;
using Central.Platform;

namespace Central.AccountPages;

/// <summary>What the page shows.</summary>
internal sealed record ActivityModel(IReadOnlyList<AuditEntry> Entries);

/// <summary><c>/account/activity</c>: what the user did, and what was refused in the user's name.</summary>
internal sealed class ActivityEndpoint(PlatformDatabase platform) : IPage
{
    /// <summary>Where it is.</summary>
    public const string Path = "/account/activity";

    private const int MaxShown = 100;

    /// <inheritdoc/>
    public async Task<IResult> ShowAsync(PageContext page)
    {
        var userId = page.RequireVisitor().Member.UserId;
        return await page.RenderAsync<ActivityPage>(new ActivityModel(await platform.RunAsync(db => AuditTrail.OfUserAsync(db, userId, MaxShown, page.Cancelled))));
    }
}
