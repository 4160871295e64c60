using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microservices.Framework.Tests.Support;
using Microservices.Security;

namespace Microservices.Framework.Tests.Security;

public sealed class SigningKeySetTests : IDisposable
{
    private readonly TestSigner _signer = new();

    public void Dispose() => _signer.Dispose();

    [Fact]
    public void GoodKey_IsFoundByItsId()
    {
        SigningKeySet? keys = Read(_signer.Jwk());
        Assert.Equal(1, keys!.Count);
        Assert.NotNull(keys.Find(_signer.KeyId));
        Assert.Null(keys.Find(_signer.KeyId.ToUpperInvariant()));
    }

    [Theory]
    [InlineData("kty", "\"RSA\"")]
    [InlineData("kty", "\"oct\"")]
    [InlineData("kty", null)]
    [InlineData("crv", "\"P-384\"")]
    [InlineData("crv", "\"secp256k1\"")]
    [InlineData("crv", "\"p-256\"")]
    [InlineData("use", "\"enc\"")]
    [InlineData("use", null)]
    [InlineData("alg", "\"ES384\"")]
    [InlineData("alg", "\"HS256\"")]
    [InlineData("alg", "\"ES521\"")]
    [InlineData("alg", "\"ES224\"")]
    [InlineData("alg", "\"A256GCM\"")]
    [InlineData("alg", "[\"ES256\"]")]
    [InlineData("alg", null)]
    [InlineData("kid", "\"\"")]
    [InlineData("kid", "1")]
    [InlineData("kid", null)]
    [InlineData("key_ops", "[\"sign\"]")]
    [InlineData("key_ops", "[\"encrypt\"]")]
    [InlineData("key_ops", "[\"verify\",1]")]
    [InlineData("key_ops", "\"verify\"")]
    [InlineData("d", "\"AAAA\"")]
    [InlineData("x", "\"AAAA\"")]
    [InlineData("x", "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"")]
    [InlineData("y", "7")]
    [InlineData("y", null)]
    public void KeyOfAnotherSort_IsPassedOver(string member, string? json)
    {
        JsonObject key = _signer.Jwk();
        key.Remove(member);
        if (json is not null)
        {
            key[member] = JsonNode.Parse(json);
        }

        Assert.Null(Read(key));
        using var other = new TestSigner();
        Assert.Equal(1, Read((JsonObject)key.DeepClone(), other.Jwk())!.Count);
    }

    [Fact]
    public void PointOffTheCurve_IsPassedOver()
    {
        using var other = new TestSigner();
        JsonObject key = _signer.Jwk();
        key["y"] = other.Y;
        Assert.Null(Read(key));
    }

    [Fact]
    public void OneWrongBit_IsPassedOver()
    {
        foreach (string member in (string[])["x", "y"])
        {
            JsonObject key = _signer.Jwk();
            byte[] bytes = Base64Url.DecodeFromChars(key[member]!.GetValue<string>());
            bytes[17] ^= 4;
            key[member] = Base64Url.EncodeToString(bytes);
            Assert.Null(Read(key));
        }
    }

    [Fact]
    public void CoordinateNotBelowThePrime_IsPassedOver()
    {
        // The same point with its x written as x + p: one key must not have two spellings.
        P256Point point = P256.Lift(5)!;
        JsonObject key = _signer.Jwk();
        key["x"] = Base64Url.EncodeToString(P256.Bytes(point.X));
        key["y"] = Base64Url.EncodeToString(P256.Bytes(point.Y));
        Assert.NotNull(Read(key.DeepClone()));
        key["x"] = Base64Url.EncodeToString(P256.Bytes(point.X + P256.P));
        Assert.Null(Read(key));
    }

    [Theory]
    [InlineData("{0}=")]
    [InlineData(" {0}")]
    [InlineData("{0}A")]
    [InlineData("AA{0}")]
    [InlineData("+{0}")]
    public void CoordinateInAnotherSpelling_IsPassedOver(string form)
    {
        JsonObject key = _signer.Jwk();
        key["x"] = form.Replace("{0}", _signer.X, StringComparison.Ordinal);
        Assert.Null(Read(key));
    }

    [Fact]
    public void SymmetricKeysOfOneId_AreNoKeysAtAll()
    {
        var secret = new JsonObject { ["kty"] = "oct", ["k"] = "c2VjcmV0", ["use"] = "sig", ["alg"] = "HS256", ["kid"] = "same" };
        Assert.Null(Read(secret, secret.DeepClone()));
    }

    [Fact]
    public void MixedSet_DoesNotMakeASymmetricKeyVerify()
    {
        byte[] secretBytes = Encoding.UTF8.GetBytes("0123456789abcdef0123456789abcdef");
        var secret = new JsonObject { ["kty"] = "oct", ["k"] = Base64Url.EncodeToString(secretBytes), ["use"] = "sig", ["alg"] = "HS256", ["kid"] = "secret" };
        SigningKeySet keys = Read(secret, _signer.Jwk())!;
        var now = new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
        foreach (string algorithm in (string[])["HS256", "ES256"])
        {
            foreach (string keyId in (string[])["secret", _signer.KeyId])
            {
                string input = $"{TestSigner.Encode($$"""{"alg":"{{algorithm}}","typ":"at+jwt","kid":"{{keyId}}"}""")}.{TestSigner.Encode(TestSigner.Claims("https://site.example", now).ToJsonString())}";
                string token = $"{input}.{Base64Url.EncodeToString(HMACSHA256.HashData(secretBytes, Encoding.UTF8.GetBytes(input)))}";
                Assert.Null(new AccessTokenValidator(new CentralSiteOptions { Url = new Uri("https://site.example") }).Validate(token, keys, now).User);
            }
        }
    }

    [Fact]
    public void SymmetricKeyOfTheSameId_IsPassedOver()
    {
        var secret = new JsonObject { ["kty"] = "oct", ["k"] = "c2VjcmV0", ["use"] = "sig", ["alg"] = "HS256", ["kid"] = _signer.KeyId };
        Assert.Equal(1, Read(secret, _signer.Jwk())!.Count);
    }

    [Fact]
    public void TwoKeysOfOneId_SpoilTheSet()
    {
        using var other = new TestSigner();
        JsonObject impostor = other.Jwk();
        impostor["kid"] = _signer.KeyId;
        Assert.Null(Read(_signer.Jwk(), impostor));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"keys\":{}}")]
    [InlineData("{\"keys\":[]}")]
    [InlineData("{\"keys\":[null,1,\"k\",[]]}")]
    [InlineData("{\"keys\":[],\"keys\":[]}")]
    [InlineData("<!doctype html><title>login</title>")]
    public void DocumentWithoutKeys_IsNoSet(string json) => Assert.Null(SigningKeySet.TryRead(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public async Task OneKey_VerifiesOnManyThreads()
    {
        SigningKey key = Read(_signer.Jwk())!.Find(_signer.KeyId)!;
        string token = _signer.Sign("{}", "{}");
        await Parallel.ForAsync(0, 500, TestContext.Current.CancellationToken, (_, _) =>
        {
            Assert.True(JsonWebToken.TryParse(token, out JsonWebToken parsed));
            using (parsed)
            {
                Assert.True(key.Verify("ES256", parsed.SigningInput, parsed.Signature));
            }

            return default;
        });
    }

    private static SigningKeySet? Read(params JsonNode[] keys) => SigningKeySet.TryRead(Encoding.UTF8.GetBytes(TestSigner.KeySet(keys)));
}
