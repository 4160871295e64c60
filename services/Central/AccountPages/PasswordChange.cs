using Central.Links;
using Central.Mail;
using Central.Pages;
using Central.Platform;
using Central.Sessions;
using Central.Users;

namespace Central.AccountPages;

/// <summary>Sets the new password of a user who is signed in, and ends everything that the old one opened but this browser's visit.</summary>
internal sealed class PasswordChange(PlatformDatabase platform, PasswordHashing passwords, SignIn signIn, SecurityMails mails, AuditLog audit)
{
    /// <summary>Sets it. The browser goes on with a new <c>sid</c>.</summary>
    public async Task RunAsync(HttpContext context, Visitor visitor, string password)
    {
        var (userId, cancellationToken) = (visitor.Member.UserId, context.RequestAborted);
        var hash = await passwords.HashAsync(password, cancellationToken);
        await platform.InTransactionAsync(
            async db =>
            {
                await db.UpdateAsync<Account>(userId, stored => stored.PasswordHash = hash, ignorePermissions: true, cancellationToken);
                await EmailedKeyStore.ForgetAllAsync(db, userId, cancellationToken);
                await SignIns.EndAllAsync(db, userId, tenant: null, cancellationToken);
            },
            cancellationToken);
        await audit.DoneAsync(context, AuditEvents.PasswordChanged, new(userId, visitor.Member.Tenant.Id));
        mails.PasswordChanged(userId);
        await signIn.OpenAsync(context, visitor.Member, visitor.Session.Amr);
    }
}
