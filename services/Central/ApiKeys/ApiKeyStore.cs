using System.Net;
using System.Security.Cryptography;
using Central.Clients;
using Central.Platform;

namespace Central.ApiKeys;

/// <summary>What a user chooses of a new key.</summary>
/// <param name="Label">What the user calls it.</param>
/// <param name="ExpiresAt">UTC; null: never.</param>
/// <param name="Roles">Roles that it is limited to; none: all that the user has.</param>
/// <param name="AllowedAddresses">Addresses and networks, one a line; empty: everywhere.</param>
internal sealed record NewApiKey(string Label, DateTime? ExpiresAt, IReadOnlyList<string> Roles, string AllowedAddresses)
{
    /// <summary>A key without limits of its own.</summary>
    public static readonly NewApiKey Plain = new("", ExpiresAt: null, [], "");
}

/// <summary>Makes, finds and revokes API keys. Works in the platform tenant.</summary>
internal static class ApiKeyStore
{
    /// <summary>For how long the old secret may go on after a rotation.</summary>
    public static readonly TimeSpan MaxOverlap = TimeSpan.FromHours(24);

    private const string DocType = "API Key";
    private const int KeyBytes = 10;
    private const int MaxPerUser = 20;
    private const int MaxAtOnce = 10_000;

    private static readonly TimeSpan s_leastBetweenTouches = TimeSpan.FromMinutes(1);

    /// <summary>Makes a key for a user. The secret is told here and never again.</summary>
    /// <exception cref="ValidationException">The user has too many keys, or a choice is not possible.</exception>
    public static async Task<(string Key, string Secret)> CreateAsync(TenantDb platform, string userId, string tenant, NewApiKey choice, CancellationToken cancellationToken)
    {
        if (await platform.CountAsync(DocType, new() { Filters = [new("user_id", userId), new("enabled", true)] }, cancellationToken) >= MaxPerUser)
        {
            throw new ValidationException($"A user has at most {MaxPerUser} API keys: revoke one first");
        }

        if (choice.ExpiresAt <= platform.Now)
        {
            throw new ValidationException("The key would have expired already: choose a later time");
        }

        var (key, secret) = (RandomNumberGenerator.GetHexString(KeyBytes * 2, lowercase: true), SecretStore.Generate());
        await InsertAsync(
            platform,
            new ApiKey
            {
                Name = key,
                UserId = userId,
                Tenant = tenant,
                Label = choice.Label,
                ExpiresAt = choice.ExpiresAt,
                Roles = string.Join('\n', choice.Roles),
                AllowedAddresses = string.Join('\n', OAuthClient.Lines(choice.AllowedAddresses)),
            },
            secret,
            cancellationToken);
        return (key, secret);
    }

    /// <summary>Keeps a key with its secret.</summary>
    /// <exception cref="DuplicateEntryException">There is such a key.</exception>
    public static async Task InsertAsync(TenantDb platform, ApiKey key, string secret, CancellationToken cancellationToken)
    {
        await platform.InsertAsync(key, ignorePermissions: true, cancellationToken);
        await SecretStore.AddAsync(platform, SecretHolder.ApiKey(key.Name), secret, keep: 0, cancellationToken);
    }

    /// <summary>The key of a pair <c>key:secret</c>, or null when the pair is wrong, the key's time is over or it is not for this address.</summary>
    /// <param name="platform">The platform's rows.</param>
    /// <param name="pair">The pair.</param>
    /// <param name="address">Where it is used from; null when that is not known.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<ApiKey?> FindAsync(TenantDb platform, string pair, IPAddress? address, CancellationToken cancellationToken)
    {
        var colon = pair.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0)
        {
            return null;
        }

        // Both look-ups are made for unknown keys too, so that time tells nothing.
        var key = await platform.FindDocAsync<ApiKey>(pair[..colon], cancellationToken);
        var isRight = await SecretStore.MatchesAsync(platform, SecretHolder.ApiKey(pair[..colon]), pair[(colon + 1)..], cancellationToken);
        return isRight && key is { Enabled: true } && (key.ExpiresAt is not { } end || platform.Now < end) && key.Admits(address) ? key : null;
    }

    /// <summary>Notes that a key was used, at most once a minute.</summary>
    public static async Task TouchAsync(TenantDb platform, ApiKey key, CancellationToken cancellationToken)
    {
        if (key.LastUsed is { } last && platform.Now - last < s_leastBetweenTouches)
        {
            return;
        }

        try
        {
            await platform.UpdateAsync<ApiKey>(key.Name, stored => stored.LastUsed = platform.Now, ignorePermissions: true, cancellationToken);
        }
        catch (Exception exception) when (exception is DoesNotExistException or TimestampMismatchException)
        {
            // It was revoked, or another request noted the use, between the two statements.
        }
    }

    /// <summary>When a key ends by itself.</summary>
    public static DateTimeOffset ExpiryOf(ApiKey key) =>
        key.ExpiresAt is { } end ? new DateTimeOffset(DateTime.SpecifyKind(end, DateTimeKind.Utc)) : DateTimeOffset.MaxValue;

    /// <summary>A live key of a user, or null when the user has none of this name.</summary>
    public static async Task<ApiKey?> OfUserAsync(TenantDb platform, string userId, string key, CancellationToken cancellationToken) =>
        await platform.FindDocAsync<ApiKey>(key, cancellationToken) is { Enabled: true } known && known.UserId == userId ? known : null;

    /// <summary>The keys of a user that were not revoked, the latest first.</summary>
    public static async Task<IReadOnlyList<ApiKey>> AllOfUserAsync(TenantDb platform, string userId, CancellationToken cancellationToken)
    {
        var rows = await platform.GetAllAsync(DocType, new() { Filters = [new("user_id", userId), new("enabled", true)], OrderBy = "creation desc", Limit = MaxAtOnce }, cancellationToken);
        var keys = new List<ApiKey>();
        foreach (var row in rows)
        {
            if (await platform.FindDocAsync<ApiKey>(row.Get<string>("name")!, cancellationToken) is { } key)
            {
                keys.Add(key);
            }
        }

        return keys;
    }

    /// <summary>Gives one key of a user a new secret; the old one goes on for a while. Null when the user has no such key.</summary>
    /// <exception cref="ValidationException">The old one would go on for too long.</exception>
    public static async Task<string?> RotateAsync(TenantDb platform, string userId, string key, TimeSpan overlap, CancellationToken cancellationToken)
    {
        if (overlap < TimeSpan.Zero || overlap > MaxOverlap)
        {
            throw new ValidationException($"The old secret goes on for {MaxOverlap.TotalHours:0} hours at most");
        }

        if (await OfUserAsync(platform, userId, key, cancellationToken) is null)
        {
            return null;
        }

        // The row stays locked until the transaction ends: of two rotations at once, the second finds the first one's secret.
        var (secret, isLive) = (SecretStore.Generate(), false);
        await platform.UpdateAsync<ApiKey>(
            key,
            stored =>
            {
                isLive = stored.Enabled;
                stored.RotatedAt = isLive ? platform.Now : stored.RotatedAt;
            },
            ignorePermissions: true,
            cancellationToken);
        if (!isLive)
        {
            return null;
        }

        await SecretStore.RotateAsync(platform, SecretHolder.ApiKey(key), secret, platform.Now + overlap, cancellationToken);
        return secret;
    }

    /// <summary>Revokes one key of a user: its record stays, its secret goes. Returns whether the user had it.</summary>
    public static async Task<bool> RevokeAsync(TenantDb platform, string userId, string key, CancellationToken cancellationToken)
    {
        if (await OfUserAsync(platform, userId, key, cancellationToken) is null)
        {
            return false;
        }

        await platform.UpdateAsync<ApiKey>(key, stored => stored.Enabled = false, ignorePermissions: true, cancellationToken);
        return true;
    }

    /// <summary>Revokes all keys of a user; of one tenant only, when it is named.</summary>
    public static async Task RevokeAllAsync(TenantDb platform, string userId, string? tenant, CancellationToken cancellationToken)
    {
        Filter[] filters = tenant is null ? [new("user_id", userId)] : [new("user_id", userId), new("tenant", tenant)];
        foreach (var row in await platform.GetAllAsync(DocType, new() { Filters = filters, Limit = MaxAtOnce }, cancellationToken))
        {
            await RevokeAsync(platform, userId, row.Get<string>("name")!, cancellationToken);
        }
    }
}
