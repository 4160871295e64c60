using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.ObjectPool;

namespace Microservices.Security;

/// <summary>A public key that the central site signs access tokens with: EC P-256, for signatures, ES256.</summary>
internal sealed class SigningKey
{
    private const int CoordinateLength = 32;

    private readonly ObjectPool<ECDsa> _verifiers;

    private SigningKey(string id, ObjectPool<ECDsa> verifiers)
    {
        Id = id;
        _verifiers = verifiers;
    }

    /// <summary>The <c>kid</c>.</summary>
    public string Id { get; }

    /// <summary>The key, or null when it is of another type or use, holds a private part, or is not a point of the curve.</summary>
    /// <remarks>RFC 7517 section 4, RFC 7518 section 6.2.</remarks>
    public static SigningKey? TryRead(JsonElement jwk)
    {
        if (jwk.ValueKind != JsonValueKind.Object ||
            jwk.Text("kty"u8) != "EC" || jwk.Text("crv"u8) != "P-256" || jwk.Text("use"u8) != "sig" || jwk.Text("alg"u8) != "ES256" ||
            jwk.Has("d"u8) || !MayVerify(jwk) ||
            jwk.Text("kid"u8) is not { } id || Coordinate(jwk, "x"u8) is not { } x || Coordinate(jwk, "y"u8) is not { } y)
        {
            return null;
        }

        // Instances of ECDsa are not promised to be safe for several threads, so each verification takes one of its own.
        var pool = new DefaultObjectPoolProvider().Create(new VerifierPolicy(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = x, Y = y },
        }));
        try
        {
            pool.Return(pool.Get());
        }
        catch (CryptographicException)
        {
            return null;
        }

        return new SigningKey(id, pool);
    }

    /// <summary>Whether the signature, r and s of 32 bytes each, covers the input.</summary>
    /// <remarks>RFC 7518 section 3.4.</remarks>
    public bool Verify(ReadOnlySpan<byte> signingInput, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != 2 * CoordinateLength)
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(signingInput, hash);
        ECDsa verifier = _verifiers.Get();
        try
        {
            return verifier.VerifyHash(hash, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        finally
        {
            _verifiers.Return(verifier);
        }
    }

    private static bool MayVerify(JsonElement jwk) =>
        !jwk.TryGetProperty("key_ops"u8, out JsonElement operations) || operations.AsTexts()?.Contains("verify") == true;

    private static byte[]? Coordinate(JsonElement jwk, ReadOnlySpan<byte> name)
    {
        byte[] bytes = new byte[CoordinateLength];
        return jwk.Text(name) is { Length: 43 } text &&
            StrictBase64Url.TryDecode(Encoding.UTF8.GetBytes(text), bytes, out int written) && written == CoordinateLength
            ? bytes
            : null;
    }

    private sealed class VerifierPolicy(ECParameters key) : PooledObjectPolicy<ECDsa>
    {
        public override ECDsa Create() => ECDsa.Create(key);

        public override bool Return(ECDsa obj) => true;
    }
}
