using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Central.Keys;

namespace Central.Clients;

/// <summary>
/// The public keys that a client has registered. What RFC 7517 leaves to taste, <c>use</c>, <c>alg</c> and <c>kid</c>, may be left out: the
/// key is then one for ES256 signatures whose id is its thumbprint.
/// </summary>
internal static class ClientKeys
{
    /// <summary>The usable keys of a JWK set; null when there are none.</summary>
    public static SigningKeySet? TryRead(string jwks)
    {
        using var document = StrictJson.ParseObject(Encoding.UTF8.GetBytes(jwks));
        if (document is null || !document.RootElement.TryGetProperty("keys"u8, out var keys) || keys.ValueKind is not JsonValueKind.Array)
        {
            return null;
        }

        var completed = new JsonArray([.. keys.EnumerateArray().Where(key => key.ValueKind is JsonValueKind.Object).Select(Complete)]);
        return SigningKeySet.TryRead(JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["keys"] = completed }));
    }

    private static JsonObject Complete(JsonElement key)
    {
        var completed = JsonObject.Create(key)!;
        completed.TryAdd("use", "sig");
        completed.TryAdd("alg", "ES256");
        completed.TryAdd("kid", PrivateSigningKey.Thumbprint(key.Text("x"u8) ?? "", key.Text("y"u8) ?? ""));
        return completed;
    }
}
