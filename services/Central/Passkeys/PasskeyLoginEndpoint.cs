using Central.Limits;
using Central.Platform;
using Central.Requests;
using Central.Sessions;
using Central.Settings;
using Central.Users;
using Microsoft.AspNetCore.Identity;

namespace Central.Passkeys;

/// <summary>
/// Signs in with a passkey, which names the user by itself: nobody is asked for a name, so no answer tells who is a user. Signatures are not
/// guessed, so failures are not counted against an account, and a lock that strangers caused does not stop its owner here.
/// </summary>
internal sealed class PasskeyLoginEndpoint(
    IPasskeyHandler<Account> handler, PasskeyChallenges challenges, PlatformDatabase platform, SignInSteps steps, SignInPages pages, OriginRule origins,
    ClientAddress addresses, AuditLog audit, CentralSettings settings, TimeProvider time)
{
    private const string Amr = $"{AuthenticationMethods.Passkey} {AuthenticationMethods.MultipleFactors}";

    private readonly RequestWindow _byAddress = new("passkey by address", settings.RateLimitPerIpPerMinute, TimeSpan.FromMinutes(1), platform, time);

    /// <summary><c>POST /login/passkey/options</c>: a challenge. What is sent, such as a user name, does not matter.</summary>
    public async Task<IResult> OptionsAsync(HttpContext context)
    {
        RefuseForeignOrigin(context);
        LimitedBody.Limit(context);
        await _byAddress.CountAsync(addresses.LimitKey(context), context.RequestAborted);
        var options = await handler.MakeRequestOptionsAsync(user: null, context);
        await challenges.KeepAsync(context, PasskeyChallenges.Login, options.AssertionState!);
        return TypedResults.Content(options.RequestOptionsJson, "application/json");
    }

    /// <summary><c>POST /login/passkey</c> {credential}: opens a session, or tells where the login goes on.</summary>
    public async Task<IResult> LoginAsync(HttpContext context)
    {
        RefuseForeignOrigin(context);
        var request = await PasskeyRequest.ReadAsync(context);
        if (await ProveAsync(context, request) is not { } account)
        {
            await audit.RefusedAsync(context, AuditEvents.PasskeyLogin, new());
            return Refusal();
        }

        // A login that this browser has begun with a password has chosen the tenant already.
        var waiting = await pages.FindAsync(context) is { Login.Tenant.Length: > 0 } begun && begun.Account.Name == account.Name ? begun : null;
        var outcome = waiting is null
            ? await steps.ContinueAsync(context, account, new(LoginDoor.Page, Amr))
            : await steps.CompleteAsync(context, LoginDoor.Page, waiting, Amr);
        if (outcome is not (SignInOutcome.SignedIn or SignInOutcome.TenantNeeded))
        {
            return Refusal();
        }

        var next = pages.AddressAfter(context, outcome, request.RedirectTo);
        return outcome is SignInOutcome.SignedIn done
            ? TypedResults.Json(new { message = "Logged In", home_page = next, full_name = done.Member.FullName, csrf_token = CsrfToken.For(done.Sid), redirect_to = next })
            : TypedResults.Json(new { message = "Choose a tenant", redirect_to = next });
    }

    private async Task<Account?> ProveAsync(HttpContext context, PasskeyRequest request)
    {
        if (await challenges.TakeAsync(context, PasskeyChallenges.Login) is not { } state)
        {
            return null;
        }

        var result = await handler.PerformAssertionAsync(new PasskeyAssertionContext { HttpContext = context, CredentialJson = request.Credential, AssertionState = state });
        return result.Succeeded && await platform.RunAsync(db => PasskeyStore.UseAsync(db, result.Passkey, context.RequestAborted)) ? result.User : null;
    }

    private void RefuseForeignOrigin(HttpContext context)
    {
        if (!origins.Allows(context.Request))
        {
            throw AuthenticationErrors.ForeignOrigin();
        }
    }

    private static IResult Refusal() => FrappeError.Answer(StatusCodes.Status401Unauthorized, "AuthenticationError", "The passkey was not accepted");
}
