using Central.Limits;
using Central.Platform;
using Central.Settings;
using Central.Users;
using Microsoft.AspNetCore.Identity;

namespace Central.Sessions;

/// <summary>Checks user name and password, counting failures by account and tries by address.</summary>
internal sealed class PasswordLogin(
    PlatformDatabase platform, MembershipReader memberships, PasswordHashing passwords, ClientAddress addresses, AuditLog audit,
    AccountLock accounts, CentralSettings settings, TimeProvider time)
{
    private readonly RequestWindow _byAddress = new("login by address", settings.RateLimitPerIpPerMinute, TimeSpan.FromMinutes(1), platform, time);

    /// <summary>The user in the first of its tenants, or null: whether the name, the password or the user's state is wrong is not told. The login is not complete by that.</summary>
    /// <exception cref="TooManyRequestsException">The address or the account has tried too often.</exception>
    public async Task<Membership?> CheckAsync(HttpContext context, string username, string password)
    {
        var cancellationToken = context.RequestAborted;
        await _byAddress.CountAsync(addresses.LimitKey(context), cancellationToken);
        var account = await platform.RunAsync(db => AccountStore.FindByLoginAsync(db, username, cancellationToken));
        using var attempt = await accounts.TakeAsync(context, account?.Name, username);
        var verification = await passwords.VerifyAsync(account?.PasswordHash, password, cancellationToken);
        var member = account is not null && verification is not PasswordVerificationResult.Failed && await memberships.AllAsync(account, cancellationToken) is [var first, ..] ? first : null;
        if (member is null)
        {
            await audit.RefusedAsync(context, attempt.Locks ? AuditEvents.AccountLocked : AuditEvents.Login, new(account?.Name, account?.HomeTenant));
            return null;
        }

        await attempt.GiveBackAsync(cancellationToken);
        if (verification is PasswordVerificationResult.SuccessRehashNeeded)
        {
            var hash = await passwords.HashAsync(password, cancellationToken);
            // A password that was changed meanwhile stays changed.
            await platform.RunAsync(db => db.UpdateAsync<Account>(
                account!.Name, stored => stored.PasswordHash = stored.PasswordHash == account.PasswordHash ? hash : stored.PasswordHash, ignorePermissions: true, cancellationToken));
        }

        return member;
    }
}
