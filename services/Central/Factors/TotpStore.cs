using Central.Keys;
using Central.Platform;

namespace Central.Factors;

/// <summary>Keeps the secrets of authenticator apps, and accepts each code once. Works in the platform tenant.</summary>
internal sealed class TotpStore(KeyEncryption encryption, TimeProvider time)
{
    private const string DocType = "TOTP Secret";

    /// <summary>Whether a user has an authenticator app.</summary>
    public static Task<bool> HasAsync(TenantDb platform, string userId, CancellationToken cancellationToken) => platform.ExistsAsync(DocType, userId, cancellationToken);

    /// <summary>Gives a user an app, in place of the one before.</summary>
    /// <param name="platform">The platform's database.</param>
    /// <param name="userId">The user.</param>
    /// <param name="secret">The app's secret.</param>
    /// <param name="lastStep">The step of the code that proved it; 0 when none did.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task SetAsync(TenantDb platform, string userId, byte[] secret, long lastStep, CancellationToken cancellationToken)
    {
        await RemoveAsync(platform, userId, cancellationToken);
        await AddAsync(platform, userId, secret, lastStep, cancellationToken);
    }

    /// <summary>Gives a user the first app.</summary>
    /// <exception cref="DuplicateEntryException">The user has one already.</exception>
    /// <inheritdoc cref="SetAsync"/>
    public Task AddAsync(TenantDb platform, string userId, byte[] secret, long lastStep, CancellationToken cancellationToken) => platform.InsertAsync(
        new TotpSecret { Name = userId, Secret = encryption.Encrypt(secret, NameOf(userId)), LastStep = lastStep }, ignorePermissions: true, cancellationToken);

    /// <summary>Takes a user's app away. Returns whether there was one.</summary>
    public static Task<bool> RemoveAsync(TenantDb platform, string userId, CancellationToken cancellationToken) => platform.TryDeleteAsync(DocType, userId, cancellationToken);

    /// <summary>Whether a code is right and was not used yet. Of several at once with one code exactly one is told yes.</summary>
    public async Task<bool> AcceptAsync(TenantDb platform, string userId, string code, CancellationToken cancellationToken)
    {
        var isAccepted = false;
        try
        {
            // The row stays locked until the change is committed, so a second use finds the step used.
            await platform.UpdateAsync<TotpSecret>(
                userId,
                stored =>
                {
                    var step = Totp.Match(encryption.Decrypt(stored.Secret, NameOf(userId)), code, time.GetUtcNow(), stored.LastStep);
                    isAccepted = step is not null;
                    stored.LastStep = step ?? stored.LastStep;
                },
                ignorePermissions: true,
                cancellationToken);
        }
        catch (DoesNotExistException)
        {
            return false;
        }

        return isAccepted;
    }

    private static string NameOf(string userId) => "totp:" + userId;
}
