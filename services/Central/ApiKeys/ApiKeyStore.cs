using System.Security.Cryptography;
using Central.Clients;
using Central.Platform;

namespace Central.ApiKeys;

/// <summary>Makes, finds and revokes API keys. Works in the platform tenant.</summary>
internal static class ApiKeyStore
{
    private const string DocType = "API Key";
    private const int KeyBytes = 10;
    private const int MaxPerUser = 20;

    /// <summary>Makes a key for a user. The secret is told here and never again.</summary>
    /// <exception cref="ValidationException">The user has too many keys.</exception>
    public static async Task<(string Key, string Secret)> CreateAsync(TenantDb platform, string userId, string tenant, CancellationToken cancellationToken)
    {
        if (await platform.CountAsync(DocType, new() { Filters = [new("user_id", userId), new("enabled", true)] }, cancellationToken) >= MaxPerUser)
        {
            throw new ValidationException($"A user has at most {MaxPerUser} API keys: revoke one first");
        }

        var (key, secret) = (RandomNumberGenerator.GetHexString(KeyBytes * 2, lowercase: true), SecretStore.Generate());
        await InsertAsync(platform, new ApiKey { Name = key, UserId = userId, Tenant = tenant }, secret, cancellationToken);
        return (key, secret);
    }

    /// <summary>Keeps a key with its secret.</summary>
    /// <exception cref="DuplicateEntryException">There is such a key.</exception>
    public static async Task InsertAsync(TenantDb platform, ApiKey key, string secret, CancellationToken cancellationToken)
    {
        await platform.InsertAsync(key, ignorePermissions: true, cancellationToken);
        await SecretStore.AddAsync(platform, SecretHolder.ApiKey(key.Name), secret, keep: 0, cancellationToken);
    }

    /// <summary>The key of a pair <c>key:secret</c>, or null when the pair is wrong or the key's time is over.</summary>
    public static async Task<ApiKey?> FindAsync(TenantDb platform, string pair, CancellationToken cancellationToken)
    {
        var colon = pair.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0)
        {
            return null;
        }

        // Both look-ups are made for unknown keys too, so that time tells nothing.
        var key = await platform.FindDocAsync<ApiKey>(pair[..colon], cancellationToken);
        var isRight = await SecretStore.MatchesAsync(platform, SecretHolder.ApiKey(pair[..colon]), pair[(colon + 1)..], cancellationToken);
        return isRight && key is { Enabled: true } && (key.ExpiresAt is not { } end || platform.Now < end) ? key : null;
    }

    /// <summary>When a key ends by itself.</summary>
    public static DateTimeOffset ExpiryOf(ApiKey key) =>
        key.ExpiresAt is { } end ? new DateTimeOffset(DateTime.SpecifyKind(end, DateTimeKind.Utc)) : DateTimeOffset.MaxValue;

    /// <summary>Revokes one key of a user: its record stays, its secret goes. Returns whether the user had it.</summary>
    public static async Task<bool> RevokeAsync(TenantDb platform, string userId, string key, CancellationToken cancellationToken)
    {
        if (await platform.FindDocAsync<ApiKey>(key, cancellationToken) is not { Enabled: true } known || known.UserId != userId)
        {
            return false;
        }

        await platform.UpdateAsync<ApiKey>(key, stored => stored.Enabled = false, ignorePermissions: true, cancellationToken);
        await SecretStore.RemoveAllAsync(platform, SecretHolder.ApiKey(key), cancellationToken);
        return true;
    }

    /// <summary>Revokes all keys of a user; of one tenant only, when it is named.</summary>
    public static async Task RevokeAllAsync(TenantDb platform, string userId, string? tenant, CancellationToken cancellationToken)
    {
        Filter[] filters = tenant is null ? [new("user_id", userId)] : [new("user_id", userId), new("tenant", tenant)];
        foreach (var row in await platform.GetAllAsync(DocType, new() { Filters = filters, Limit = 10_000 }, cancellationToken))
        {
            await RevokeAsync(platform, userId, row.Get<string>("name")!, cancellationToken);
        }
    }
}
