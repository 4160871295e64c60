using Central.Factors;
using Central.Pages;
using Central.Settings;
using Central.Users;

namespace Central.Sessions;

/// <summary>Leads a browser through the steps of a login. The login that waits is known by an HttpOnly cookie, so it belongs to this browser.</summary>
internal sealed class SignInPages(SignInSteps steps, CentralSettings settings)
{
    /// <summary>Goes on from a proven factor, and answers with the next step or the end of the login.</summary>
    /// <param name="page">The form that was sent.</param>
    /// <param name="account">Who proved it.</param>
    /// <param name="amr">How, in the words of <see cref="AuthenticationMethods"/>.</param>
    /// <param name="redirectTo">Where to go in the end, as it was asked for.</param>
    public async Task<IResult> ContinueAsync(PageContext page, Account account, string amr, string redirectTo) =>
        await LeadAsync(page, await steps.ContinueAsync(page.Http, account, new(LoginDoor.Page, amr)), redirectTo);

    /// <summary>Answers with the next step, or with the end of the login.</summary>
    /// <exception cref="PermissionException">The user has no tenant any more.</exception>
    public async Task<IResult> LeadAsync(PageContext page, SignInOutcome outcome, string redirectTo) => outcome switch
    {
        SignInOutcome.NoTenant => throw new PermissionException("This account cannot sign in any more"),
        SignInOutcome.Expired or SignInOutcome.WrongCode => await StartAgainAsync(page, redirectTo),
        _ => page.SeeOther(AddressAfter(page.Http, outcome, redirectTo)),
    };

    /// <summary>The address of the next step, or of where to go in the end. The browser keeps what goes on with the login.</summary>
    public string AddressAfter(HttpContext context, SignInOutcome outcome, string redirectTo)
    {
        switch (outcome)
        {
            case SignInOutcome.TenantNeeded needed:
                Remember(context, needed.TmpId);
                return LoginAddress.Step(LoginAddress.Tenant, redirectTo);
            case SignInOutcome.FactorNeeded needed:
                Remember(context, needed.TmpId);
                return LoginAddress.Step(needed.Need is FactorNeed.Enrolment ? LoginAddress.Enrolment : LoginAddress.Verification, redirectTo);
            default:
                Forget(context);
                return LocalPath.OrHome(redirectTo);
        }
    }

    /// <summary>The login that this browser has begun, or null.</summary>
    public async Task<WaitingLogin?> FindAsync(HttpContext context) => ReadTmpId(context) is { Length: > 0 } tmpId ? await steps.FindAsync(context, LoginDoor.Page, tmpId) : null;

    /// <summary>The <c>tmp_id</c> of this browser; empty when there is none.</summary>
    public string ReadTmpId(HttpContext context) => context.Request.Cookies[CookieName] ?? "";

    /// <summary>Makes the browser forget the login that it has begun.</summary>
    public void Forget(HttpContext context)
    {
        if (context.Request.Cookies.ContainsKey(CookieName))
        {
            context.Response.Cookies.Delete(CookieName, Options());
        }
    }

    /// <summary>The login from its beginning, when the one that waited is over.</summary>
    public Task<IResult> StartAgainAsync(PageContext page, string redirectTo)
    {
        Forget(page.Http);
        var model = new LoginModel(LoginAddress.To(LocalPath.OrHome(redirectTo), isFresh: true), LocalPath.OrHome(redirectTo), "", "This sign-in took too long, or too many codes were wrong. Sign in again.");
        return page.RenderAsync<LoginPage>(model, StatusCodes.Status401Unauthorized);
    }

    private string CookieName => settings.HasSecureCookies ? "__Host-login" : "login";

    private void Remember(HttpContext context, string tmpId) => context.Response.Cookies.Append(CookieName, tmpId, Options());

    private CookieOptions Options() => new() { HttpOnly = true, Secure = settings.HasSecureCookies, SameSite = SameSiteMode.Lax, Path = "/" };
}
