using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Microservices.Central.Tests.Support;

/// <summary>A client's own key, and what it signs with it to prove who it is.</summary>
internal sealed class AssertionKey(string kid)
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>The key that the clients of <see cref="TestSeed"/> have registered.</summary>
    public static AssertionKey Registered { get; } = new("key-1");

    /// <summary>The public half.</summary>
    public JsonObject PublicJwk()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        return new() { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y), ["use"] = "sig", ["alg"] = "ES256", ["kid"] = kid };
    }

    /// <summary>The public half as a PEM file holds it, which an attacker would take for a shared secret.</summary>
    public byte[] PublicPem() => Encoding.ASCII.GetBytes(_key.ExportSubjectPublicKeyInfoPem());

    /// <summary>A good assertion, unless something is changed.</summary>
    public string Sign(string client, DateTimeOffset now, Action<JsonObject>? claims = null, Action<JsonObject>? header = null)
    {
        var input = Input(client, now, claims, header);
        return $"{input}.{Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation))}";
    }

    /// <summary>Header and claims of an assertion.</summary>
    public string Input(string client, DateTimeOffset now, Action<JsonObject>? changeClaims = null, Action<JsonObject>? changeHeader = null)
    {
        var header = new JsonObject { ["alg"] = "ES256", ["kid"] = kid };
        var claims = new JsonObject
        {
            ["iss"] = client,
            ["sub"] = client,
            ["aud"] = "https://site.example",
            ["exp"] = (now + TimeSpan.FromMinutes(1)).ToUnixTimeSeconds(),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["jti"] = Guid.NewGuid().ToString("N"),
        };
        changeHeader?.Invoke(header);
        changeClaims?.Invoke(claims);
        return $"{Encode(header)}.{Encode(claims)}";
    }

    /// <summary>The parameters that carry an assertion.</summary>
    public static string Form(string assertion) => "client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer&client_assertion=" + assertion;

    private static string Encode(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));
}
