using Central.Pages;
using Central.Platform;
using Central.Sessions;

namespace Central.Factors;

/// <summary>What the page of the second factor shows.</summary>
/// <param name="HasApp">Whether the user has an authenticator app.</param>
/// <param name="CodesLeft">Recovery codes that were not used.</param>
/// <param name="MayChange">Whether the login is good enough for changes.</param>
/// <param name="MayRemove">Whether the account may be without an app.</param>
/// <param name="Enrolment">The app to set up; null when none is.</param>
internal sealed record TwoFactorModel(bool HasApp, int CodesLeft, bool MayChange, bool MayRemove, EnrolmentModel? Enrolment);

/// <summary><c>/account/two-factor</c>: a user's authenticator app and recovery codes.</summary>
internal sealed class TwoFactorPageEndpoint(
    PlatformDatabase platform, SecondFactors factors, FactorChanges changes, TotpEnrolment enrolment, AccountChanges account, SignIn signIn) : IPage
{
    /// <summary>Where it is.</summary>
    public const string Path = "/account/two-factor";

    /// <inheritdoc/>
    public Task<IResult> ShowAsync(PageContext page) => FormAsync(page, enrolmentAgain: null, StatusCodes.Status200OK);

    /// <inheritdoc/>
    public async Task<IResult> SubmitAsync(PageContext page)
    {
        var member = page.RequireVisitor().Member;
        if (!await account.MayChangeFactorsAsync(page.RequireVisitor().Session, page.Cancelled))
        {
            return page.SeeOther(LoginAddress.To(Path, isFresh: true));
        }

        switch (page.Field("action"))
        {
            case "enrol" when enrolment.Prove(member.Account, page.Field("enrolment"), page.Field("otp")) is { } app:
                var codes = await changes.SetAppAsync(page.Http, member, app);
                await signIn.RaiseAsync(page.Http, page.RequireVisitor().Session, member, AuthenticationMethods.OneTimePassword);
                return await CodesAsync(page, "Your authenticator app is set up.", codes);
            case "enrol":
                return await FormAsync(page, enrolment.Again(member.Account, page.Field("enrolment"), "This is not the code of this key. Try the next one."), StatusCodes.Status400BadRequest);
            case "codes" when await HasAppAsync(page):
                return await CodesAsync(page, "You have new recovery codes. The old ones are worth nothing any more.", await changes.RenewCodesAsync(page.Http, member));
            case "remove" when await MayRemoveAsync(page):
                await changes.RemoveAppAsync(page.Http, member);
                return page.SeeOther(Path);
            default:
                throw new ValidationException("This cannot be done with your second factor");
        }
    }

    private async Task<IResult> FormAsync(PageContext page, EnrolmentModel? enrolmentAgain, int status)
    {
        var visitor = page.RequireVisitor();
        var (hasApp, mayChange) = (await HasAppAsync(page), await account.MayChangeFactorsAsync(visitor.Session, page.Cancelled));
        var isSettingUp = mayChange && (!hasApp || page.Parameter("replace").Length > 0);
        var model = new TwoFactorModel(
            hasApp,
            await platform.RunAsync(db => RecoveryCodeStore.LeftAsync(db, visitor.Member.UserId, page.Cancelled)),
            mayChange,
            await MayRemoveAsync(page),
            enrolmentAgain ?? (isSettingUp ? enrolment.Begin(visitor.Member.Account) : null));
        return await page.RenderAsync<TwoFactorPage>(model, status);
    }

    private Task<bool> HasAppAsync(PageContext page) => platform.RunAsync(db => TotpStore.HasAsync(db, page.RequireVisitor().Member.UserId, page.Cancelled));

    /// <summary>Who must have a second factor keeps one.</summary>
    private async Task<bool> MayRemoveAsync(PageContext page) =>
        !await factors.IsRequiredAsync(page.RequireVisitor().Member.Account, page.Cancelled) || await factors.HasPasskeyAsync(page.RequireVisitor().Member.UserId, page.Cancelled);

    private static Task<IResult> CodesAsync(PageContext page, string happening, IReadOnlyList<string> codes) =>
        page.RenderAsync<RecoveryCodesPage>(new RecoveryCodesModel(happening, codes, Path));
}
