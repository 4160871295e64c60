using Central.Limits;
using Central.Platform;
using Central.Settings;
using Central.Users;
using Microsoft.AspNetCore.Identity;

namespace Central.Sessions;

/// <summary>Checks user name and password, counting failures by account and tries by address.</summary>
internal sealed class PasswordLogin(
    PlatformDatabase platform, MembershipReader memberships, PasswordHashing passwords, ClientAddress addresses, AuditLog audit,
    CentralSettings settings, TimeProvider time)
{
    private readonly RequestWindow _byAddress = new(settings.RateLimitPerIpPerMinute, time);
    private readonly FailureLock _byAccount = new(settings.LoginMaxFailuresPerAccount, settings.LoginLockout, settings.LoginLockoutDoubles, time);
    private readonly TurnGate _turns = new();

    /// <summary>The user, or null: whether the name, the password or the user's state is wrong is not told.</summary>
    /// <exception cref="TooManyRequestsException">The address or the account has tried too often.</exception>
    public async Task<Membership?> CheckAsync(HttpContext context, string username, string password)
    {
        var cancellationToken = context.RequestAborted;
        _byAddress.Count(addresses.LimitKey(context));
        var account = await platform.RunAsync(db => AccountStore.FindByLoginAsync(db, username, cancellationToken));

        // A name that is nobody's is counted and locked like one that is somebody's.
        var key = account?.Name ?? "name:" + (LoginName.Normalize(username) ?? "");
        using var turn = await _turns.EnterAsync(key, cancellationToken);
        _byAccount.ThrowIfLocked(key);

        var verification = await passwords.VerifyAsync(account?.PasswordHash, password, cancellationToken);
        var member = account is null || verification is PasswordVerificationResult.Failed ? null : await memberships.FindAsync(account, account.HomeTenant, cancellationToken);
        if (member is null)
        {
            var isLocked = _byAccount.Failed(key);
            audit.Refused(context, isLocked ? "login, account locked" : "login", new(account?.Name, account?.HomeTenant));
            return null;
        }

        _byAccount.Succeeded(key);
        if (verification is PasswordVerificationResult.SuccessRehashNeeded)
        {
            var hash = await passwords.HashAsync(password, cancellationToken);
            await platform.RunAsync(db => db.UpdateAsync<Account>(account!.Name, stored => stored.PasswordHash = hash, ignorePermissions: true, cancellationToken));
        }

        return member;
    }
}
