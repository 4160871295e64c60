using Central.Platform;
using Central.Settings;
using Central.Users;

namespace Central.Limits;

/// <summary>
/// Counts the attempts to sign in as an account, over all doors: one count for the account, and one for each device that it was signed in
/// with before. A name that is nobody's is counted and locked alike.
/// </summary>
internal sealed class AccountLock(PlatformDatabase platform, DeviceCookie devices, CentralSettings settings, TimeProvider time)
{
    private readonly FailureLock _attempts = new("account", settings.LoginMaxFailuresPerAccount, settings.LoginLockout, settings.LoginLockoutDoubles, platform, time);

    /// <summary>The attempts of one key that come to this process wait for each other, so that right ones at the same moment do not lock it.</summary>
    private readonly TurnGate _turns = new();

    /// <summary>Counts an attempt, before the password or code is looked at. Dispose it when that is done.</summary>
    /// <param name="context">The request.</param>
    /// <param name="userId">The account; null when the name is nobody's.</param>
    /// <param name="username">The name as it was sent.</param>
    /// <exception cref="AccountLockedException">The account, or this device of it, is locked.</exception>
    public async Task<Attempt> TakeAsync(HttpContext context, string? userId, string username)
    {
        var key = KeyOf(context, userId, username);
        var turn = await _turns.EnterAsync(key, context.RequestAborted);
        try
        {
            return new Attempt(this, key, turn, await _attempts.TakeAsync(key, context.RequestAborted));
        }
        catch (TooManyRequestsException locked)
        {
            turn.Dispose();
            throw new AccountLockedException { RetryAfter = locked.RetryAfter };
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    /// <summary>A login is complete, second factor included: the count of the account, or of this device of it, begins anew.</summary>
    public Task ClearAsync(HttpContext context, string userId) => _attempts.ClearAsync(KeyOf(context, userId, ""), context.RequestAborted);

    private string KeyOf(HttpContext context, string? userId, string username) =>
        devices.Find(context, userId) is { } device ? "device:" + device : userId ?? "name:" + (LoginName.Normalize(username) ?? "");

    /// <summary>An attempt that is counted as a failure until something else is said.</summary>
    internal sealed class Attempt(AccountLock owner, string key, IDisposable turn, bool locks) : IDisposable
    {
        /// <summary>Whether it locks the account or device, unless it succeeds.</summary>
        public bool Locks => locks;

        /// <summary>It was right. Earlier failures still count until the login is complete, see <see cref="ClearAsync"/>.</summary>
        public Task GiveBackAsync(CancellationToken cancellationToken) => owner._attempts.GiveBackAsync(key, cancellationToken);

        /// <inheritdoc/>
        public void Dispose() => turn.Dispose();
    }
}
