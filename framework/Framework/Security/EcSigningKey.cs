using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.ObjectPool;

namespace Microservices.Security;

/// <summary>A public key of the curve P-256, for ES256.</summary>
internal sealed class EcSigningKey : SigningKey
{
    private const int CoordinateLength = 32;

    private readonly ObjectPool<ECDsa> _verifiers;

    private EcSigningKey(string id, ObjectPool<ECDsa> verifiers)
        : base(id) => _verifiers = verifiers;

    /// <summary>The key, or null when it is of another curve or algorithm, or is not a point of the curve.</summary>
    /// <remarks>RFC 7518 section 6.2.</remarks>
    public static EcSigningKey? TryRead(JsonElement jwk, string id, IReadOnlyList<string> algorithms)
    {
        if (!algorithms.Contains(SignatureAlgorithm.ES256) || jwk.Text("crv"u8) != "P-256" || jwk.Text("alg"u8) != SignatureAlgorithm.ES256 ||
            Bytes(jwk, "x"u8) is not { Length: CoordinateLength } x || Bytes(jwk, "y"u8) is not { Length: CoordinateLength } y)
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

        return new EcSigningKey(id, pool);
    }

    /// <summary>Whether the signature, r and s of 32 bytes each, covers the input.</summary>
    /// <remarks>RFC 7518 section 3.4.</remarks>
    public override bool Verify(string algorithm, ReadOnlySpan<byte> signingInput, ReadOnlySpan<byte> signature)
    {
        if (algorithm != SignatureAlgorithm.ES256 || signature.Length != 2 * CoordinateLength)
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

    private sealed class VerifierPolicy(ECParameters key) : PooledObjectPolicy<ECDsa>
    {
        public override ECDsa Create() => ECDsa.Create(key);

        public override bool Return(ECDsa obj) => true;
    }
}
