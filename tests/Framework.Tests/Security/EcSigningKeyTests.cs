using System.Buffers.Text;
using System.Numerics;
using System.Text;
using System.Text.Json.Nodes;
using Microservices.Framework.Tests.Support;
using Microservices.Security;

namespace Microservices.Framework.Tests.Security;

/// <summary>Signatures at the edges of ECDSA on P-256, each beside the plain arithmetic of the curve: the cases that Wycheproof's P1363 vectors describe.</summary>
public sealed class EcSigningKeyTests
{
    private static readonly byte[] s_message = Encoding.UTF8.GetBytes("header.payload");
    private static readonly BigInteger s_hash = P256.Hash(s_message);

    /// <summary>Values around which implementations of r and s have gone wrong.</summary>
    private static readonly BigInteger[] s_special =
        [0, 1, 2, P256.N - 1, P256.N, P256.N + 1, P256.P - 1, P256.P, P256.P + 1, BigInteger.Pow(2, 128), BigInteger.Pow(2, 255), BigInteger.Pow(2, 256) - 1];

    public static TheoryData<string> EdgesOfS => ["1", "2", "n-1", "n-2", "2^128", "n-2^128", "2^64", "hash", "-hash", "r", "-r"];

    [Fact]
    public void SpecialValues_AreNoSignature()
    {
        using var signer = new TestSigner();
        SigningKey key = Key(signer.Jwk());
        var point = new P256Point(Number(Base64Url.DecodeFromChars(signer.X)), Number(Base64Url.DecodeFromChars(signer.Y)));
        foreach (BigInteger r in s_special)
        {
            foreach (BigInteger s in s_special)
            {
                Assert.False(P256.Verify(point, s_hash, r, s));
                Assert.False(Verify(key, r, s));
            }
        }
    }

    [Theory]
    [MemberData(nameof(EdgesOfS))]
    public void EdgeOfS_VerifiesForItsKeyOnly(string edge)
    {
        foreach (P256Point point in (P256Point[])[P256.Lift(5)!, P256.Multiply(7, P256.G)!, Lowest(P256.N), Highest(P256.P)])
        {
            BigInteger r = point.X % P256.N;
            BigInteger s = edge switch
            {
                "1" => 1,
                "2" => 2,
                "n-1" => P256.N - 1,
                "n-2" => P256.N - 2,
                "2^128" => BigInteger.Pow(2, 128),
                "n-2^128" => P256.N - BigInteger.Pow(2, 128),
                "2^64" => BigInteger.Pow(2, 64),
                "hash" => s_hash % P256.N,
                "-hash" => P256.N - (s_hash % P256.N),
                "r" => r,
                _ => P256.N - r,
            };
            P256Point owner = P256.KeyFor(point, s, s_hash);
            SigningKey key = Key(owner);

            Assert.True(P256.Verify(owner, s_hash, r, s));
            Assert.True(Verify(key, r, s));
            Assert.True(Verify(key, r, P256.N - s)); // both are signatures; as texts they are two tokens
            foreach ((BigInteger otherR, BigInteger otherS) in ((BigInteger, BigInteger)[])[(r + 1, s), (P256.N - r, s), (r + P256.N, s), (r, s + P256.N), (s, r)])
            {
                if (BigInteger.Max(otherR, otherS) < BigInteger.Pow(2, 256) && otherR % P256.N != 0 && (otherR, otherS) != (r, s))
                {
                    Assert.False(Verify(key, otherR, otherS));
                }
            }
        }
    }

    [Fact]
    public void DoublingInTheMiddle_Verifies()
    {
        // u1 G and u2 Q are the same point, so that their sum is a doubling.
        BigInteger half = 0xC0FFEE;
        P256Point sum = P256.Multiply(2 * half, P256.G)!;
        BigInteger s = s_hash * P256.Inverse(half, P256.N) % P256.N;
        Assert.True(Verify(Key(P256.KeyFor(sum, s, s_hash)), sum.X % P256.N, s));
    }

    [Fact]
    public void InfinityInTheMiddle_IsNoSignature()
    {
        // u1 G + u2 Q is no point at all, for any r and s of this key.
        foreach (BigInteger r in (BigInteger[])[1, 2, P256.G.X % P256.N, P256.N - 1])
        {
            P256Point key = P256.Multiply(-s_hash * P256.Inverse(r, P256.N), P256.G)!;
            foreach (BigInteger s in (BigInteger[])[1, 7, P256.N - 1])
            {
                Assert.False(P256.Verify(key, s_hash, r, s));
                Assert.False(Verify(Key(key), r, s));
            }
        }
    }

    [Fact]
    public void KeysWithExtremeCoordinates_AreUsed()
    {
        foreach (P256Point point in (P256Point[])[P256.G, P256.Multiply(P256.N - 1, P256.G)!, P256.Lift(0)!, P256.Lift(5)!, Lowest(P256.N), Highest(P256.P)])
        {
            P256Point nonce = P256.Multiply(11, P256.G)!;
            SigningKey key = Key(point);
            Assert.False(Verify(key, nonce.X % P256.N, 1));
        }
    }

    [Fact]
    public void LengthOtherThan64Bytes_IsNoSignature()
    {
        P256Point point = P256.Lift(5)!;
        SigningKey key = Key(P256.KeyFor(point, 1, s_hash));
        byte[] good = [.. P256.Bytes(5), .. P256.Bytes(1)];
        Assert.True(key.Verify("ES256", s_message, good));
        byte[][] others =
        [
            [],
            good[..32],
            good[..63],
            [.. good, 0],
            [0, .. good],
            [0, .. good[..32], 0, .. good[32..]], // each number a byte longer, as for a larger curve
            [.. good[..32], .. new byte[2], .. good[32..]],
            [5, 1],
            [.. good, .. good],
            [0x30, 6, 2, 1, 5, 2, 1, 1], // the same numbers in DER
            [.. new byte[100_000]],
        ];
        foreach (byte[] other in others)
        {
            Assert.False(key.Verify("ES256", s_message, other));
        }
    }

    [Theory]
    [InlineData("es256")]
    [InlineData("ES384")]
    [InlineData("RS256")]
    [InlineData("none")]
    public void OtherAlgorithm_IsNotTheKeys(string algorithm)
    {
        P256Point point = P256.Lift(5)!;
        SigningKey key = Key(P256.KeyFor(point, 1, s_hash));
        Assert.False(key.Verify(algorithm, s_message, [.. P256.Bytes(5), .. P256.Bytes(1)]));
    }

    /// <summary>The point with the least x that is not below a number.</summary>
    private static P256Point Lowest(BigInteger from)
    {
        P256Point? point;
        while ((point = P256.Lift(from)) is null)
        {
            from++;
        }

        return point;
    }

    /// <summary>The point with the largest x below a number.</summary>
    private static P256Point Highest(BigInteger below)
    {
        P256Point? point;
        while ((point = P256.Lift(--below)) is null)
        {
        }

        return point;
    }

    private static BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    private static bool Verify(SigningKey key, BigInteger r, BigInteger s) => key.Verify("ES256", s_message, [.. P256.Bytes(r), .. P256.Bytes(s)]);

    private static SigningKey Key(P256Point point) => Key(new JsonObject
    {
        ["kty"] = "EC",
        ["crv"] = "P-256",
        ["x"] = Base64Url.EncodeToString(P256.Bytes(point.X)),
        ["y"] = Base64Url.EncodeToString(P256.Bytes(point.Y)),
        ["use"] = "sig",
        ["alg"] = "ES256",
        ["kid"] = "k",
    });

    private static SigningKey Key(JsonObject jwk)
    {
        string id = jwk["kid"]!.GetValue<string>();
        return SigningKeySet.TryRead(Encoding.UTF8.GetBytes(TestSigner.KeySet(jwk)))!.Find(id)!;
    }
}
