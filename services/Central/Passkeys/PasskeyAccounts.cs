using System.Buffers.Text;
using System.Security.Cryptography;
using Central.Platform;
using Central.Users;
using Microsoft.AspNetCore.Identity;

namespace Central.Passkeys;

/// <summary>
/// Accounts as the passkey handler of ASP.NET Core Identity looks them up. To it the id of a user is the user handle, random text that
/// tells an authenticator nothing about the person. It only reads; what it does not ask for is not there.
/// </summary>
internal sealed class PasskeyAccounts(PlatformDatabase platform) : IUserPasskeyStore<Account>
{
    private const int HandleBytes = 32;

    /// <summary>Gives an account its user handle, if it has none yet.</summary>
    public async Task<Account> EnsureHandleAsync(string userId, CancellationToken cancellationToken)
    {
        var account = await platform.RunAsync(db => db.GetDocAsync<Account>(userId, cancellationToken));
        return account.PasskeyHandle.Length > 0
            ? account
            : await platform.RunAsync(db => db.UpdateAsync<Account>(
                userId,
                stored => stored.PasskeyHandle = stored.PasskeyHandle.Length > 0 ? stored.PasskeyHandle : Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(HandleBytes)),
                ignorePermissions: true,
                cancellationToken));
    }

    /// <inheritdoc/>
    public Task<Account?> FindByIdAsync(string userId, CancellationToken cancellationToken) => platform.RunAsync(async db =>
    {
        // Databases compare without regard to case; a handle is exact.
        var names = userId.Length is > 0 and <= StandardFields.NameLength ? await db.NamesAsync("Account", new("passkey_handle", userId), limit: 10, cancellationToken) : [];
        foreach (var name in names)
        {
            if (await db.FindDocAsync<Account>(name, cancellationToken) is { } account && account.PasskeyHandle == userId)
            {
                return account;
            }
        }

        return null;
    });

    /// <inheritdoc/>
    public Task<string> GetUserIdAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.PasskeyHandle);

    /// <inheritdoc/>
    public Task<string?> GetUserNameAsync(Account user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Username);

    /// <inheritdoc/>
    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(Account user, CancellationToken cancellationToken) =>
        [.. (await platform.RunAsync(db => PasskeyStore.OfUserAsync(db, user.Name, cancellationToken))).Select(PasskeyStore.ToInfo)];

    /// <inheritdoc/>
    public async Task<UserPasskeyInfo?> FindPasskeyAsync(Account user, byte[] credentialId, CancellationToken cancellationToken) =>
        await FindAsync(credentialId, cancellationToken) is { } passkey && passkey.UserId == user.Name ? PasskeyStore.ToInfo(passkey) : null;

    /// <inheritdoc/>
    public async Task<Account?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        await FindAsync(credentialId, cancellationToken) is { } passkey ? await platform.RunAsync(db => db.FindDocAsync<Account>(passkey.UserId, cancellationToken)) : null;

    /// <inheritdoc/>
    public Task AddOrUpdatePasskeyAsync(Account user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task RemovePasskeyAsync(Account user, byte[] credentialId, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task SetUserNameAsync(Account user, string? userName, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<string?> GetNormalizedUserNameAsync(Account user, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task SetNormalizedUserNameAsync(Account user, string? normalizedName, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<Account?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<IdentityResult> CreateAsync(Account user, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<IdentityResult> UpdateAsync(Account user, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<IdentityResult> DeleteAsync(Account user, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private Task<Passkey?> FindAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        platform.RunAsync(db => db.FindDocAsync<Passkey>(PasskeyStore.NameOf(credentialId), cancellationToken));
}
