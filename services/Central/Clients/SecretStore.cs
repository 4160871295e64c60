using System.Security.Cryptography;
using System.Text;
using Central.Platform;

namespace Central.Clients;

/// <summary>How the holder of a secret is spelt.</summary>
internal static class SecretHolder
{
    public static string Client(string clientId) => "client:" + clientId;

    public static string ApiKey(string key) => "api_key:" + key;
}

/// <summary>Keeps the hashes of generated secrets, and compares without telling by time how near a guess was.</summary>
internal static class SecretStore
{
    private const int Bytes = 32;
    private const string DocType = "Stored Secret";

    /// <summary>A new secret: 256 bits as base64url.</summary>
    public static string Generate() => System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>Keeps a secret beside the newest <paramref name="keep"/> of the same holder, and forgets older ones.</summary>
    public static async Task AddAsync(TenantDb platform, string holder, string secret, int keep, CancellationToken cancellationToken)
    {
        var known = await platform.NamesAsync(DocType, new("holder", holder), limit: 100, cancellationToken);
        foreach (var old in known.SkipLast(keep))
        {
            await platform.TryDeleteAsync(DocType, old, cancellationToken);
        }

        await platform.InsertAsync(new StoredSecret { Holder = holder, Hash = HashOf(secret) }, ignorePermissions: true, cancellationToken);
    }

    /// <summary>Keeps a new secret in place of the holder's present one, which goes on until <paramref name="oldEnds"/>. Older ones end now.</summary>
    public static async Task RotateAsync(TenantDb platform, string holder, string secret, DateTime oldEnds, CancellationToken cancellationToken)
    {
        foreach (var name in await platform.NamesAsync(DocType, new("holder", holder), limit: 100, cancellationToken))
        {
            if (oldEnds > platform.Now && await platform.FindDocAsync<StoredSecret>(name, cancellationToken) is { ExpiresAt: null })
            {
                await platform.UpdateAsync<StoredSecret>(name, stored => stored.ExpiresAt = oldEnds, ignorePermissions: true, cancellationToken);
            }
            else
            {
                await platform.TryDeleteAsync(DocType, name, cancellationToken);
            }
        }

        await platform.InsertAsync(new StoredSecret { Holder = holder, Hash = HashOf(secret) }, ignorePermissions: true, cancellationToken);
    }

    /// <summary>Whether the secret is one of the holder's; a holder that is not there costs the same comparison.</summary>
    public static async Task<bool> MatchesAsync(TenantDb platform, string holder, string secret, CancellationToken cancellationToken)
    {
        var rows = holder.Length > StandardFields.NameLength
            ? []
            : await platform.GetAllAsync(DocType, new() { Fields = ["holder", "hash", "expires_at"], Filters = [new("holder", holder)] }, cancellationToken);
        var hash = Hash(secret);
        var now = platform.Now;
        var matches = CryptographicOperations.FixedTimeEquals(hash, new byte[SHA256.HashSizeInBytes]);
        foreach (var row in rows)
        {
            matches |= row.Get<string>("holder") == holder & !(row["expires_at"] is DateTime end && end <= now) & CryptographicOperations.FixedTimeEquals(hash, Convert.FromHexString(row.Get<string>("hash")!));
        }

        return matches;
    }

    /// <summary>Forgets all secrets of a holder.</summary>
    public static async Task RemoveAllAsync(TenantDb platform, string holder, CancellationToken cancellationToken)
    {
        foreach (var name in await platform.NamesAsync(DocType, new("holder", holder), limit: 100, cancellationToken))
        {
            await platform.TryDeleteAsync(DocType, name, cancellationToken);
        }
    }

    /// <summary>The name under which a secret that is looked up by itself is kept, such as a code: SHA-256 in hexadecimal digits.</summary>
    public static string HashOf(string secret) => Convert.ToHexStringLower(Hash(secret));

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
