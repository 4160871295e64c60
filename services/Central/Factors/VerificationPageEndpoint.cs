using Central.Pages;
using Central.Sessions;
using Central.Users;

namespace Central.Factors;

/// <summary>What the question for the second factor shows.</summary>
/// <param name="Action">Where its form goes.</param>
/// <param name="RedirectTo">Where to go in the end.</param>
/// <param name="TakesCode">Whether the user has an authenticator app.</param>
/// <param name="TakesPasskey">Whether the user has a passkey.</param>
/// <param name="Error">Why the last code was refused.</param>
internal sealed record VerificationModel(string Action, string RedirectTo, bool TakesCode, bool TakesPasskey, string? Error);

/// <summary><c>/login/verify?redirect-to=</c>: asks for the second factor of a login.</summary>
internal sealed class VerificationPageEndpoint(SignInPages pages, SignInSteps steps, SecondFactors factors, MembershipReader memberships) : IPage
{
    /// <inheritdoc/>
    public Task<IResult> ShowAsync(PageContext page) => FormAsync(page, error: null, StatusCodes.Status200OK);

    /// <inheritdoc/>
    public async Task<IResult> SubmitAsync(PageContext page) =>
        await steps.AnswerAsync(page.Http, LoginDoor.Page, pages.ReadTmpId(page.Http), page.Field("otp")) is var outcome && outcome is SignInOutcome.WrongCode
            ? await FormAsync(page, "This code is wrong, or was used already.", StatusCodes.Status401Unauthorized)
            : await pages.LeadAsync(page, outcome, page.Parameter("redirect-to"));

    private async Task<IResult> FormAsync(PageContext page, string? error, int status)
    {
        var redirectTo = LocalPath.OrHome(page.Parameter("redirect-to"));
        if (await pages.FindAsync(page.Http) is not { Login.Tenant.Length: > 0 } waiting ||
            await memberships.FindAsync(waiting.Account, waiting.Login.Tenant, page.Cancelled) is not { } member)
        {
            return error is null ? page.SeeOther(LoginAddress.To(redirectTo, isFresh: true)) : await pages.StartAgainAsync(page, redirectTo);
        }

        var (need, hasPasskey) = (await factors.NeedAsync(member, page.Cancelled), await factors.HasPasskeyAsync(member.UserId, page.Cancelled));
        return await page.RenderAsync<VerificationPage>(
            new VerificationModel(LoginAddress.Step(LoginAddress.Verification, redirectTo), redirectTo, need is FactorNeed.Code, hasPasskey, error), status);
    }
}
