using Central.Pages;
using Central.Users;

namespace Central.Sessions;

/// <summary>What the choice of a tenant shows.</summary>
/// <param name="Action">Where its form goes.</param>
/// <param name="Tenants">The user's tenants, by id, with their names.</param>
/// <param name="Error">Why the last choice was refused.</param>
internal sealed record TenantModel(string Action, IReadOnlyList<(string Id, string Name)> Tenants, string? Error);

/// <summary><c>/login/tenant?redirect-to=</c>: a user of several tenants chooses the one to sign in to.</summary>
internal sealed class TenantPageEndpoint(SignInPages pages, SignInSteps steps, MembershipReader memberships) : IPage
{
    /// <inheritdoc/>
    public Task<IResult> ShowAsync(PageContext page) => FormAsync(page, error: null, StatusCodes.Status200OK);

    /// <inheritdoc/>
    public async Task<IResult> SubmitAsync(PageContext page) =>
        await steps.ChooseAsync(page.Http, LoginDoor.Page, pages.ReadTmpId(page.Http), page.Field("tenant")) is var outcome && outcome is SignInOutcome.NoTenant
            ? await FormAsync(page, "Choose one of these.", StatusCodes.Status400BadRequest)
            : await pages.LeadAsync(page, outcome, page.Parameter("redirect-to"));

    private async Task<IResult> FormAsync(PageContext page, string? error, int status)
    {
        var redirectTo = page.Parameter("redirect-to");
        if (await pages.FindAsync(page.Http) is not { Login.Tenant.Length: 0 } waiting)
        {
            return page.SeeOther(LoginAddress.To(LocalPath.OrHome(redirectTo), isFresh: true));
        }

        var members = await memberships.AllAsync(waiting.Account, page.Cancelled);
        return await page.RenderAsync<TenantPage>(
            new TenantModel(LoginAddress.Step(LoginAddress.Tenant, redirectTo), [.. members.Select(member => (member.Tenant.Id, member.Record.TenantName))], error), status);
    }
}
