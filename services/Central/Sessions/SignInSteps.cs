using Central.Factors;
using Central.Limits;
using Central.Platform;
using Central.Users;

namespace Central.Sessions;

/// <summary>How far a login has come.</summary>
/// <param name="Door">Where.</param>
/// <param name="Amr">What was proved, in the words of <see cref="AuthenticationMethods"/>.</param>
/// <param name="Tenant">The tenant that was chosen; empty when none was.</param>
internal sealed record SignInProgress(LoginDoor Door, string Amr, string Tenant = "");

/// <summary>
/// The one way from a proven factor to a session, for every way to sign in: choose the tenant, prove the second factor, open the session.
/// </summary>
internal sealed class SignInSteps(
    PlatformDatabase platform, MembershipReader memberships, SecondFactors factors, PendingLoginStore pending, SignIn signIn, AccountLock accounts, AuditLog audit)
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(3);

    /// <summary>Setting up an authenticator app takes longer than reading a code, and there is nothing to guess.</summary>
    private static readonly TimeSpan s_enrolmentLifetime = TimeSpan.FromMinutes(10);

    /// <summary>Goes as far as it can.</summary>
    public async Task<SignInOutcome> ContinueAsync(HttpContext context, Account account, SignInProgress progress)
    {
        var members = await memberships.AllAsync(account, context.RequestAborted);
        if (members.Count == 0 || Choose(members, progress) is not { Length: > 0 } chosen)
        {
            await audit.RefusedAsync(context, AuditEvents.Login, new(account.Name, account.HomeTenant, Reference: "no such tenant of the user"));
            return new SignInOutcome.NoTenant();
        }

        if (chosen.Length > 1)
        {
            return new SignInOutcome.TenantNeeded(await KeepAsync(context, account, progress, s_lifetime));
        }

        var member = chosen[0];
        var need = AuthenticationMethods.IsMultiFactor(progress.Amr) ? FactorNeed.None : await factors.NeedAsync(member, context.RequestAborted);
        if (need is not FactorNeed.None)
        {
            return new SignInOutcome.FactorNeeded(await KeepForFactorAsync(context, account, progress with { Tenant = member.Tenant.Id }, need), need);
        }

        var sid = await signIn.OpenAsync(context, member, progress.Amr);
        await accounts.ClearAsync(context, account.Name);
        return new SignInOutcome.SignedIn(sid, member);
    }

    /// <summary>Takes the code of a login that waits for it.</summary>
    /// <exception cref="TooManyRequestsException">The account is locked.</exception>
    public async Task<SignInOutcome> AnswerAsync(HttpContext context, LoginDoor door, string tmpId, string code)
    {
        if (await FindAsync(context, door, tmpId) is not { Login.Tenant.Length: > 0 } waiting)
        {
            return new SignInOutcome.Expired();
        }

        var (login, account) = waiting;
        using var attempt = await accounts.TakeAsync(context, account.Name, account.Username);
        if (!await pending.CountTryAsync(login, context.RequestAborted))
        {
            return await RefuseAsync(context, login, new SignInOutcome.Expired());
        }

        if (!await factors.AcceptAsync(account.Name, code, context.RequestAborted))
        {
            return await RefuseAsync(context, login, new SignInOutcome.WrongCode());
        }

        await attempt.GiveBackAsync(context.RequestAborted);
        return await CompleteAsync(context, door, waiting, $"{login.Amr} {AuthenticationMethods.OneTimePassword} {AuthenticationMethods.MultipleFactors}");
    }

    /// <summary>Takes the tenant of a login that waits for it.</summary>
    public async Task<SignInOutcome> ChooseAsync(HttpContext context, LoginDoor door, string tmpId, string tenant)
    {
        if (await FindAsync(context, door, tmpId) is not { Login.Tenant.Length: 0 } waiting)
        {
            return new SignInOutcome.Expired();
        }

        return await memberships.FindAsync(waiting.Account, tenant, context.RequestAborted) is null ? new SignInOutcome.NoTenant()
            : await pending.SpendAsync(waiting.Login, context.RequestAborted) ? await ContinueAsync(context, waiting.Account, new(door, waiting.Login.Amr, tenant))
            : new SignInOutcome.Expired();
    }

    /// <summary>Goes on with a login whose second factor was proved by other means than a code that <see cref="AnswerAsync"/> takes.</summary>
    /// <param name="context">The request.</param>
    /// <param name="door">Where.</param>
    /// <param name="waiting">The login. It is used up by this.</param>
    /// <param name="amr">All that was proved.</param>
    public async Task<SignInOutcome> CompleteAsync(HttpContext context, LoginDoor door, WaitingLogin waiting, string amr) =>
        await pending.SpendAsync(waiting.Login, context.RequestAborted)
            ? await ContinueAsync(context, waiting.Account, new(door, amr, waiting.Login.Tenant))
            : new SignInOutcome.Expired();

    /// <summary>The login of a <c>tmp_id</c> with its account, or null.</summary>
    public async Task<WaitingLogin?> FindAsync(HttpContext context, LoginDoor door, string tmpId) =>
        await pending.FindAsync(context, door, tmpId) is { } login &&
        await platform.RunAsync(db => db.FindDocAsync<Account>(login.UserId, context.RequestAborted)) is { } account ? new(login, account) : null;

    /// <summary>A program at the API says which tenant, or gets the user's first one; a person is asked.</summary>
    private static Membership[] Choose(IReadOnlyList<Membership> members, SignInProgress progress) =>
        progress.Tenant.Length > 0 ? [.. members.Where(member => member.Tenant.Id == progress.Tenant)]
        : progress.Door is LoginDoor.Api ? [members[0]]
        : [.. members];

    /// <summary>At the API neither a passkey nor an enrolment can follow, so nothing is kept for them.</summary>
    private async Task<string> KeepForFactorAsync(HttpContext context, Account account, SignInProgress progress, FactorNeed need) =>
        progress.Door is LoginDoor.Api && need is not FactorNeed.Code
            ? ""
            : await KeepAsync(context, account, progress, need is FactorNeed.Enrolment ? s_enrolmentLifetime : s_lifetime);

    private Task<string> KeepAsync(HttpContext context, Account account, SignInProgress progress, TimeSpan lifetime) =>
        pending.OpenAsync(context, progress.Door, new PendingLogin { UserId = account.Name, Tenant = progress.Tenant, Amr = progress.Amr }, lifetime);

    private async Task<SignInOutcome> RefuseAsync(HttpContext context, PendingLogin login, SignInOutcome outcome)
    {
        await audit.RefusedAsync(context, AuditEvents.SecondFactor, new(login.UserId, login.Tenant));
        return outcome;
    }
}

/// <summary>A login that waits, and whose it is.</summary>
internal sealed record WaitingLogin(PendingLogin Login, Account Account);
