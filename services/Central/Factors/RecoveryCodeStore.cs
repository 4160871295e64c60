using System.Security.Cryptography;
using System.Text;
using Central.Keys;
using Central.Platform;

namespace Central.Factors;

/// <summary>
/// Codes for who has lost the authenticator app: ten, shown once, each good for one login. People write them down, so they are shorter
/// than what a plain hash protects; the key of the hash is not in the database. Works in the platform tenant.
/// </summary>
internal sealed class RecoveryCodeStore(KeyEncryption encryption)
{
    /// <summary>Codes of one set.</summary>
    public const int Count = 10;

    private const string DocType = "Recovery Code";

    /// <summary>80 bits: 16 letters and digits of base32, in groups of four.</summary>
    private const int Length = 16;
    private const int GroupLength = 4;
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    private readonly byte[] _key = encryption.DeriveKey("recovery codes");

    /// <summary>Makes a new set; the codes of the one before are worth nothing any more.</summary>
    public async Task<IReadOnlyList<string>> RenewAsync(TenantDb platform, string userId, CancellationToken cancellationToken)
    {
        await RemoveAllAsync(platform, userId, cancellationToken);
        var codes = Enumerable.Range(0, Count).Select(_ => RandomNumberGenerator.GetString(Alphabet, Length)).ToList();
        foreach (var code in codes)
        {
            await platform.InsertAsync(new RecoveryCode { Name = NameOf(userId, code), UserId = userId }, ignorePermissions: true, cancellationToken);
        }

        return [.. codes.Select(code => string.Join('-', code.Chunk(GroupLength).Select(group => new string(group))))];
    }

    /// <summary>How many codes a user has left.</summary>
    public static async Task<int> LeftAsync(TenantDb platform, string userId, CancellationToken cancellationToken) =>
        (await platform.NamesAsync(DocType, new("user_id", userId), limit: Count, cancellationToken)).Count;

    /// <summary>Uses a code up. Of several at once with one code exactly one is told yes.</summary>
    public async Task<bool> SpendAsync(TenantDb platform, string userId, string code, CancellationToken cancellationToken)
    {
        var plain = string.Concat(code.Where(c => !char.IsWhiteSpace(c) && c != '-')).ToLowerInvariant();
        return plain.Length == Length && await platform.TryDeleteAsync(DocType, NameOf(userId, plain), cancellationToken);
    }

    /// <summary>Takes all codes of a user away.</summary>
    public static async Task RemoveAllAsync(TenantDb platform, string userId, CancellationToken cancellationToken)
    {
        foreach (var name in await platform.NamesAsync(DocType, new("user_id", userId), limit: Count * 2, cancellationToken))
        {
            await platform.TryDeleteAsync(DocType, name, cancellationToken);
        }
    }

    private string NameOf(string userId, string code) => Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{userId}\0{code}")));
}
