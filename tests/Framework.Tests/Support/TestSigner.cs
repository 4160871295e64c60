using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Microservices.Framework.Tests.Support;

/// <summary>Signs access tokens as the central site does, with a key of its own, and whatever else a test wants signed.</summary>
internal sealed class TestSigner : IDisposable
{
    public TestSigner()
    {
        Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        ECPoint point = Key.ExportParameters(false).Q;
        X = Base64Url.EncodeToString(point.X);
        Y = Base64Url.EncodeToString(point.Y);
        KeyId = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{X}}","y":"{{Y}}"}""")));
    }

    public ECDsa Key { get; }

    public string KeyId { get; }

    public string X { get; }

    public string Y { get; }

    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    public static string KeySet(params JsonNode[] keys) => new JsonObject { ["keys"] = new JsonArray(keys) }.ToJsonString();

    public JsonObject Jwk() => new()
    {
        ["kty"] = "EC",
        ["crv"] = "P-256",
        ["x"] = X,
        ["y"] = Y,
        ["use"] = "sig",
        ["alg"] = "ES256",
        ["kid"] = KeyId,
    };

    public JsonObject Header() => new() { ["alg"] = "ES256", ["typ"] = "at+jwt", ["kid"] = KeyId };

    /// <summary>The claims of a token that every check accepts at the given time.</summary>
    public static JsonObject Claims(string issuer, DateTimeOffset now) => new()
    {
        ["iss"] = issuer,
        ["sub"] = "u-1",
        ["aud"] = issuer,
        ["exp"] = now.AddMinutes(10).ToUnixTimeSeconds(),
        ["iat"] = now.ToUnixTimeSeconds(),
        ["jti"] = Guid.NewGuid().ToString("N"),
        ["client_id"] = "web",
        ["scope"] = "openid all",
        ["tenant"] = "acme",
        ["roles"] = new JsonArray("Sales User", "Sales Manager"),
        ["username"] = "ann@acme.example",
    };

    public string Token(string issuer, DateTimeOffset now, Action<JsonObject>? claims = null, Action<JsonObject>? header = null)
    {
        JsonObject head = Header();
        JsonObject body = Claims(issuer, now);
        header?.Invoke(head);
        claims?.Invoke(body);
        return Sign(head.ToJsonString(), body.ToJsonString());
    }

    public string Sign(string header, string payload) => Sign(Encoding.UTF8.GetBytes(header), Encoding.UTF8.GetBytes(payload));

    public string Sign(byte[] header, byte[] payload)
    {
        string input = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(payload)}";
        return $"{input}.{Base64Url.EncodeToString(Key.SignData(Encoding.UTF8.GetBytes(input), HashAlgorithmName.SHA256))}";
    }

    public void Dispose() => Key.Dispose();
}
