using System.Collections.Frozen;
using System.Text.Json;

namespace Microservices.Security;

/// <summary>The keys of one JWKS document. A <c>kid</c> finds one of them and does nothing else.</summary>
internal sealed class SigningKeySet
{
    private readonly FrozenDictionary<string, SigningKey> _keys;

    private SigningKeySet(FrozenDictionary<string, SigningKey> keys) => _keys = keys;

    /// <summary>How many keys can be used.</summary>
    public int Count => _keys.Count;

    /// <summary>
    /// The usable keys of a document; others in it are passed over. Null when none is usable, or when two of them share a
    /// <c>kid</c>: nobody could tell which is meant.
    /// </summary>
    /// <remarks>RFC 7517 section 5.</remarks>
    public static SigningKeySet? TryRead(ReadOnlyMemory<byte> jwks) => TryRead(jwks, SignatureAlgorithm.Default);

    /// <summary>The same, of keys that are fit for one of the algorithms.</summary>
    public static SigningKeySet? TryRead(ReadOnlyMemory<byte> jwks, IReadOnlyList<string> algorithms)
    {
        using JsonDocument? document = StrictJson.ParseObject(jwks);
        if (document is null || !document.RootElement.TryGetProperty("keys"u8, out JsonElement items) || items.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        Dictionary<string, SigningKey> keys = new(StringComparer.Ordinal);
        foreach (JsonElement item in items.EnumerateArray())
        {
            if (SigningKey.TryRead(item, algorithms) is { } key && !keys.TryAdd(key.Id, key))
            {
                return null;
            }
        }

        return keys.Count == 0 ? null : new SigningKeySet(keys.ToFrozenDictionary(StringComparer.Ordinal));
    }

    /// <summary>The key, when there is one only.</summary>
    public SigningKey? Only => _keys.Count == 1 ? _keys.Values[0] : null;

    /// <summary>The key of this id, or null.</summary>
    public SigningKey? Find(string id) => _keys.GetValueOrDefault(id);
}
