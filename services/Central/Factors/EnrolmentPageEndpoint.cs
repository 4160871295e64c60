using Central.Pages;
using Central.Sessions;
using Central.Users;

namespace Central.Factors;

/// <summary>What the set-up at login shows.</summary>
internal sealed record LoginEnrolmentModel(string Action, EnrolmentModel Enrolment);

/// <summary>
/// <c>/login/enrol?redirect-to=</c>: who must have a second factor and has none sets up an authenticator app before the login goes on. It
/// never replaces one that is there.
/// </summary>
internal sealed class EnrolmentPageEndpoint(
    SignInPages pages, SignInSteps steps, SecondFactors factors, FactorChanges changes, TotpEnrolment enrolment, MembershipReader memberships) : IPage
{
    private const string Amr = $" {AuthenticationMethods.OneTimePassword} {AuthenticationMethods.MultipleFactors}";

    /// <inheritdoc/>
    public async Task<IResult> ShowAsync(PageContext page) =>
        await FindAsync(page) is { } found
            ? await FormAsync(page, enrolment.Begin(found.Waiting.Account), StatusCodes.Status200OK)
            : page.SeeOther(LoginAddress.To(RedirectTo(page), isFresh: true));

    /// <inheritdoc/>
    public async Task<IResult> SubmitAsync(PageContext page)
    {
        if (await FindAsync(page) is not var (waiting, member))
        {
            return await pages.StartAgainAsync(page, RedirectTo(page));
        }

        if (enrolment.Prove(waiting.Account, page.Field("enrolment"), page.Field("otp")) is not { } app)
        {
            return await FormAsync(page, enrolment.Again(waiting.Account, page.Field("enrolment"), "This is not the code of this key. Try the next one."), StatusCodes.Status400BadRequest);
        }

        var codes = await changes.AddAppAsync(page.Http, member, app);
        var outcome = await steps.CompleteAsync(page.Http, LoginDoor.Page, waiting, waiting.Login.Amr + Amr);
        return outcome is SignInOutcome.SignedIn
            ? await page.RenderAsync<RecoveryCodesPage>(new RecoveryCodesModel("Your authenticator app is set up, and you are signed in.", codes, pages.AddressAfter(page.Http, outcome, RedirectTo(page))))
            : await pages.LeadAsync(page, outcome, RedirectTo(page));
    }

    private async Task<(WaitingLogin Waiting, Membership Member)?> FindAsync(PageContext page) =>
        await pages.FindAsync(page.Http) is { } waiting &&
        await memberships.FindAsync(waiting.Account, waiting.Login.Tenant, page.Cancelled) is { } member &&
        await factors.NeedAsync(member, page.Cancelled) is FactorNeed.Enrolment ? (waiting, member) : null;

    private static Task<IResult> FormAsync(PageContext page, EnrolmentModel model, int status) =>
        page.RenderAsync<LoginEnrolmentPage>(new LoginEnrolmentModel(LoginAddress.Step(LoginAddress.Enrolment, RedirectTo(page)), model), status);

    private static string RedirectTo(PageContext page) => LocalPath.OrHome(page.Parameter("redirect-to"));
}
