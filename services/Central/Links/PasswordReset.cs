using Central.ApiKeys;
using Central.Mail;
using Central.Platform;
using Central.Sessions;
using Central.Users;

namespace Central.Links;

/// <summary>Sets a new password for the key of a mail, and ends everything that the old one opened.</summary>
internal sealed class PasswordReset(
    PlatformDatabase platform, MembershipReader memberships, PasswordPolicy policy, PasswordHashing passwords, SecurityMails mails, LinkSettings settings, AuditLog audit)
{
    /// <summary>Sets it. Returns the user name.</summary>
    /// <exception cref="ValidationException">The password is weak; the key stays good.</exception>
    /// <exception cref="PermissionException">The key is not good.</exception>
    public async Task<string> RunAsync(HttpContext context, string key, string password)
    {
        var cancellationToken = context.RequestAborted;
        var account = await platform.RunAsync(async db => await EmailedKeyStore.FindAsync(db, settings.PasswordReset, key, cancellationToken) is { } userId
            ? await db.FindDocAsync<Account>(userId, cancellationToken)
            : null);
        if (account is null || await memberships.AllAsync(account, cancellationToken) is not [var member, ..])
        {
            await audit.RefusedAsync(context, AuditEvents.PasswordReset, new(account?.Name));
            throw LinkPurpose.Worthless();
        }

        policy.Check(password, account.Username, account.Email, member.FullName, member.Tenant.Id);
        var hash = await passwords.HashAsync(password, cancellationToken);
        var isSet = false;
        await platform.InTransactionAsync(
            async db =>
            {
                if (await EmailedKeyStore.SpendAsync(db, settings.PasswordReset, key, cancellationToken) is null)
                {
                    return; // another request was first
                }

                if (!account.EmailVerified)
                {
                    // Whoever made the account may have used it first. Second factors stay: a mailbox alone must never take them off.
                    await ApiKeyStore.RevokeAllAsync(db, account.Name, tenant: null, cancellationToken);
                }

                await db.UpdateAsync<Account>(account.Name, stored => (stored.PasswordHash, stored.EmailVerified) = (hash, true), ignorePermissions: true, cancellationToken);
                await EmailedKeyStore.ForgetAllAsync(db, account.Name, cancellationToken);
                await SignIns.EndAllAsync(db, account.Name, tenant: null, cancellationToken);
                isSet = true;
            },
            cancellationToken);
        if (!isSet)
        {
            await audit.RefusedAsync(context, AuditEvents.PasswordReset, new(account.Name, member.Tenant.Id));
            throw LinkPurpose.Worthless();
        }

        await audit.DoneAsync(context, AuditEvents.PasswordReset, new(account.Name, member.Tenant.Id));
        mails.PasswordChanged(account.Name);
        return account.Username;
    }
}
