using Central.Mail;
using Central.Platform;
using Central.Sessions;
using Central.Users;
using Microsoft.AspNetCore.Identity;

namespace Central.Passkeys;

/// <summary>Adds passkeys to a user's own account.</summary>
internal sealed class PasskeyRegistrationEndpoint(
    IPasskeyHandler<Account> handler, PasskeyAccounts accounts, PasskeyChallenges challenges, PlatformDatabase platform, AccountChanges changes,
    MembershipReader memberships, SignIn signIn, SecurityMails mails, AuditLog audit)
{
    private const int MaxLabel = 60;

    /// <summary><c>POST /account/passkeys/options</c>: what the browser makes a passkey from.</summary>
    public async Task<IResult> OptionsAsync(HttpContext context, CurrentUser user)
    {
        await changes.RequireFactorChangeAsync(context, user);
        var account = await accounts.EnsureHandleAsync(user.Subject, context.RequestAborted);
        var options = await handler.MakeCreationOptionsAsync(new PasskeyUserEntity { Id = account.PasskeyHandle, Name = account.Username, DisplayName = account.Username }, context);
        await challenges.KeepAsync(context, PasskeyChallenges.RegistrationOf(user.Subject), options.AttestationState!);
        return TypedResults.Content(options.CreationOptionsJson, "application/json");
    }

    /// <summary><c>POST /account/passkeys</c> {credential, name}: keeps the passkey that was made.</summary>
    public async Task<IResult> AddAsync(HttpContext context, CurrentUser user)
    {
        var session = await changes.RequireFactorChangeAsync(context, user);
        var request = await PasskeyRequest.ReadAsync(context);
        var label = LabelOf(request.Name);
        if (await challenges.TakeAsync(context, PasskeyChallenges.RegistrationOf(user.Subject)) is not { } state ||
            await handler.PerformAttestationAsync(new PasskeyAttestationContext { HttpContext = context, CredentialJson = request.Credential, AttestationState = state }) is not { Succeeded: true } made)
        {
            await audit.RefusedAsync(context, AuditEvents.PasskeyAdded, new(user.Subject, user.Tenant.Id));
            throw new ValidationException("The passkey was not accepted");
        }

        var passkey = await KeepAsync(user.Subject, label, made.Passkey, context.RequestAborted);
        if (await memberships.FindAsync(session.UserId, session.Tenant, context.RequestAborted) is { } member)
        {
            await signIn.RaiseAsync(context, session, member, AuthenticationMethods.Passkey);
        }

        await audit.DoneAsync(context, AuditEvents.PasskeyAdded, new(user.Subject, user.Tenant.Id, Reference: passkey.Name));
        mails.SecondFactorChanged(user.Subject, "A passkey was added.");
        return TypedResults.Json(new { message = new { id = passkey.Name, name = label } });
    }

    private async Task<Passkey> KeepAsync(string userId, string label, UserPasskeyInfo made, CancellationToken cancellationToken)
    {
        if ((await platform.RunAsync(db => PasskeyStore.OfUserAsync(db, userId, cancellationToken))).Count >= PasskeyStore.MaxOfUser)
        {
            throw new ValidationException("You have as many passkeys as a user may have: remove one first");
        }

        return await platform.RunAsync(db => PasskeyStore.AddAsync(db, userId, label, made, cancellationToken));
    }

    private static string LabelOf(string name)
    {
        var label = string.Concat(name.Where(c => !char.IsControl(c))).Trim();
        return label.Length == 0 ? "Passkey" : label[..Math.Min(label.Length, MaxLabel)];
    }
}
