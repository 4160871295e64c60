using System.Globalization;
using Central.Pages;
using Central.Sessions;

namespace Central.ApiKeys;

/// <summary>What the page shows: what was typed, the roles that the user has, and those that were ticked.</summary>
internal sealed record NewApiKeyModel(string Label, string ExpiresOn, IReadOnlyList<string> Roles, IReadOnlyList<string> Chosen, string AllowedAddresses, string? Error);

/// <summary><c>/account/api-keys/new</c>: makes a key and shows its secret once.</summary>
internal sealed class NewApiKeyPageEndpoint(ApiKeyChanges keys, AccountChanges changes) : IPage
{
    /// <summary>Where it is.</summary>
    public const string Path = "/account/api-keys/new";

    /// <summary>What the field of a role is called, before the number of the role.</summary>
    public const string RoleField = "role-";

    /// <inheritdoc/>
    public Task<IResult> ShowAsync(PageContext page) =>
        page.RenderAsync<NewApiKeyPage>(new NewApiKeyModel("", "", changes.RequireRecentVisitor(page).Member.Roles, [], "", Error: null));

    /// <inheritdoc/>
    public async Task<IResult> SubmitAsync(PageContext page)
    {
        var member = changes.RequireRecentVisitor(page).Member;
        var form = new NewApiKeyModel(
            page.Field("label").Trim(), page.Field("expires_on"), member.Roles,
            [.. page.Form.Where(field => field.Key.StartsWith(RoleField, StringComparison.Ordinal)).Select(field => field.Value)], page.Field("allowed_addresses"), Error: null);
        var (key, secret) = ("", "");
        var refusal = await FormRefusal.CatchAsync(async () =>
            (key, secret) = await keys.CreateAsync(page.Http, LocalCredentials.OfSession(member), new NewApiKey(form.Label, Day(form.ExpiresOn), form.Chosen, form.AllowedAddresses)));
        return refusal is null
            ? await page.RenderAsync<ApiKeySecretPage>(new ApiKeySecretModel(key, secret, OldOneEnds: null))
            : await page.RenderAsync<NewApiKeyPage>(form with { Error = refusal.Message }, refusal.Status);
    }

    private static DateTime? Day(string text) =>
        text.Length == 0 ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day.ToDateTime(TimeOnly.MinValue)
        : throw new ValidationException("The day has the form 2030-12-31");
}
