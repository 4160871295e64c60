using Central.Clients;
using Central.Platform;

namespace Central.Links;

/// <summary>Issues, finds and spends the keys of links. Works in the platform tenant.</summary>
internal static class EmailedKeyStore
{
    private const string DocType = "Emailed Key";
    private const int MaxAtOnce = 1000;

    /// <summary>Issues a key of 256 bits. It is told here and never again.</summary>
    public static async Task<string> IssueAsync(TenantDb platform, LinkPurpose purpose, string userId, CancellationToken cancellationToken)
    {
        var key = SecretStore.Generate();
        await platform.InsertAsync(
            new EmailedKey { Name = SecretStore.HashOf(key), Purpose = purpose.Name, UserId = userId, ExpiresAt = platform.Now + purpose.Lifetime }, ignorePermissions: true, cancellationToken);
        return key;
    }

    /// <summary>Whose key it is; null when it is unknown, spent, expired or for something else. It stays as it is.</summary>
    public static async Task<string?> FindAsync(TenantDb platform, LinkPurpose purpose, string key, CancellationToken cancellationToken) =>
        await platform.FindDocAsync<EmailedKey>(SecretStore.HashOf(key), cancellationToken) is { } known && known.Purpose == purpose.Name && platform.Now < known.ExpiresAt ? known.UserId : null;

    /// <summary>Spends a key. Of several at once exactly one gets the user; the others get null, like those who have no key.</summary>
    public static async Task<string?> SpendAsync(TenantDb platform, LinkPurpose purpose, string key, CancellationToken cancellationToken) =>
        await FindAsync(platform, purpose, key, cancellationToken) is { } userId && await platform.TryDeleteAsync(DocType, SecretStore.HashOf(key), cancellationToken) ? userId : null;

    /// <summary>Makes all links of a user worthless, whatever they are for.</summary>
    public static async Task ForgetAllAsync(TenantDb platform, string userId, CancellationToken cancellationToken)
    {
        foreach (var name in await platform.NamesAsync(DocType, new("user_id", userId), MaxAtOnce, cancellationToken))
        {
            await platform.TryDeleteAsync(DocType, name, cancellationToken);
        }
    }
}
