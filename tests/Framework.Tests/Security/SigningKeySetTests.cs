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
    [InlineData("use", "\"enc\"")]
    [InlineData("use", null)]
    [InlineData("alg", "\"ES384\"")]
    [InlineData("alg", "\"HS256\"")]
    [InlineData("alg", null)]
    [InlineData("kid", "\"\"")]
    [InlineData("kid", "1")]
    [InlineData("kid", null)]
    [InlineData("key_ops", "[\"sign\"]")]
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
                Assert.True(key.Verify(parsed.SigningInput, parsed.Signature));
            }

            return default;
        });
    }

    private static SigningKeySet? Read(params JsonNode[] keys) => SigningKeySet.TryRead(Encoding.UTF8.GetBytes(TestSigner.KeySet(keys)));
}
