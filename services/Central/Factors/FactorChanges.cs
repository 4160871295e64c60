using Central.Mail;
using Central.Platform;
using Central.Users;

namespace Central.Factors;

/// <summary>What shows new recovery codes, the one time that they are shown.</summary>
/// <param name="Happening">What was done.</param>
/// <param name="Codes">The codes.</param>
/// <param name="Next">Where to go then.</param>
internal sealed record RecoveryCodesModel(string Happening, IReadOnlyList<string> Codes, string Next);

/// <summary>Adds and removes the authenticator apps and recovery codes of users, tells the user by mail, and leaves a trace.</summary>
internal sealed class FactorChanges(PlatformDatabase platform, TotpStore apps, RecoveryCodeStore recoveryCodes, SecurityMails mails, AuditLog audit)
{
    /// <summary>Sets an app up, in place of the one before, with new recovery codes.</summary>
    public Task<IReadOnlyList<string>> SetAppAsync(HttpContext context, Membership member, ProvenApp app) =>
        RenewAsync(context, member, AuditEvents.AppSetUp, "An authenticator app was set up, with new recovery codes.", db => apps.SetAsync(db, member.UserId, app.Secret, app.Step, context.RequestAborted));

    /// <summary>Sets the first app up. Of several at once exactly one does.</summary>
    /// <exception cref="DuplicateEntryException">The user has an app already.</exception>
    public Task<IReadOnlyList<string>> AddAppAsync(HttpContext context, Membership member, ProvenApp app) =>
        RenewAsync(context, member, AuditEvents.AppSetUp, "An authenticator app was set up, with new recovery codes.", db => apps.AddAsync(db, member.UserId, app.Secret, app.Step, context.RequestAborted));

    /// <summary>Makes new recovery codes.</summary>
    public Task<IReadOnlyList<string>> RenewCodesAsync(HttpContext context, Membership member) => RenewAsync(context, member, AuditEvents.RecoveryCodesMade, "New recovery codes were made.", _ => Task.CompletedTask);

    /// <summary>Takes the app and the recovery codes away.</summary>
    public async Task RemoveAppAsync(HttpContext context, Membership member)
    {
        await platform.InTransactionAsync(
            async db =>
            {
                await TotpStore.RemoveAsync(db, member.UserId, context.RequestAborted);
                await RecoveryCodeStore.RemoveAllAsync(db, member.UserId, context.RequestAborted);
            },
            context.RequestAborted);
        await audit.DoneAsync(context, AuditEvents.AppRemoved, new(member.UserId, member.Tenant.Id));
        mails.SecondFactorChanged(member.UserId, "The authenticator app and its recovery codes were removed.");
    }

    private async Task<IReadOnlyList<string>> RenewAsync(HttpContext context, Membership member, string happening, string mail, Func<TenantDb, Task> change)
    {
        IReadOnlyList<string> codes = [];
        await platform.InTransactionAsync(
            async db =>
            {
                await change(db);
                codes = await recoveryCodes.RenewAsync(db, member.UserId, context.RequestAborted);
            },
            context.RequestAborted);
        await audit.DoneAsync(context, happening, new(member.UserId, member.Tenant.Id));
        mails.SecondFactorChanged(member.UserId, mail);
        return codes;
    }
}
