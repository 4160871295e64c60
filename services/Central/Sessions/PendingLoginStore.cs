using System.Security.Cryptography;
using System.Text;
using Central.Clients;
using Central.Platform;

namespace Central.Sessions;

/// <summary>Keeps logins between their steps: each for a short time, a few tries, and one success.</summary>
internal sealed class PendingLoginStore(PlatformDatabase platform, ClientAddress addresses, TimeProvider time)
{
    /// <summary>Codes that may be tried at one login.</summary>
    public const int MaxTries = 5;

    private const string DocType = "Pending Login";
    private const int MaxAtOnce = 1000;

    /// <summary>Keeps a login. Returns its <c>tmp_id</c>: 256 bits.</summary>
    public async Task<string> OpenAsync(HttpContext context, LoginDoor door, PendingLogin login, TimeSpan lifetime)
    {
        var tmpId = SecretStore.Generate();
        (login.Name, login.Caller, login.ExpiresAt) = (SecretStore.HashOf(tmpId), CallerOf(context, door), (time.GetUtcNow() + lifetime).UtcDateTime);
        await platform.RunAsync(db => db.InsertAsync(login, ignorePermissions: true, context.RequestAborted));
        return tmpId;
    }

    /// <summary>The login of a <c>tmp_id</c>, or null when there is none, it is over, or it belongs to another caller.</summary>
    public async Task<PendingLogin?> FindAsync(HttpContext context, LoginDoor door, string tmpId) =>
        await platform.RunAsync(db => db.FindDocAsync<PendingLogin>(SecretStore.HashOf(tmpId), context.RequestAborted)) is { } login &&
        login.Caller == CallerOf(context, door) && IsAlive(login) ? login : null;

    /// <summary>Counts a try, before anybody looks whether it is right. Returns whether there was one left.</summary>
    public async Task<bool> CountTryAsync(PendingLogin login, CancellationToken cancellationToken)
    {
        var isLeft = false;
        try
        {
            await platform.RunAsync(db => db.UpdateAsync<PendingLogin>(
                login.Name,
                stored =>
                {
                    isLeft = IsAlive(stored);
                    stored.Tries++;
                },
                ignorePermissions: true,
                cancellationToken));
        }
        catch (DoesNotExistException)
        {
            return false;
        }

        return isLeft;
    }

    /// <summary>Uses a login up. Of several at once exactly one is told yes.</summary>
    public Task<bool> SpendAsync(PendingLogin login, CancellationToken cancellationToken) => platform.RunAsync(db => db.TryDeleteAsync(DocType, login.Name, cancellationToken));

    /// <summary>Ends all logins of a user that wait. Works in the platform tenant.</summary>
    public static async Task EndAllAsync(TenantDb platform, string userId, CancellationToken cancellationToken)
    {
        foreach (var name in await platform.NamesAsync(DocType, new("user_id", userId), MaxAtOnce, cancellationToken))
        {
            await platform.TryDeleteAsync(DocType, name, cancellationToken);
        }
    }

    private bool IsAlive(PendingLogin login) => login.Tries < MaxTries && time.GetUtcNow() < SessionStore.Utc(login.ExpiresAt);

    private string CallerOf(HttpContext context, LoginDoor door) => door is LoginDoor.Page
        ? "browser"
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{addresses.LimitKey(context)}\n{context.Request.Headers.UserAgent}")));
}
