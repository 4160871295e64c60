using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.ObjectPool;

namespace Microservices.Security;

/// <summary>A public RSA key, for RS256 or PS256: where the settings allow these, which the central site does not sign with.</summary>
internal sealed class RsaSigningKey : SigningKey
{
    private const int MinBytes = 2048 / 8;
    private const int MaxBytes = 8192 / 8;

    private readonly string[] _algorithms;
    private readonly ObjectPool<RSA> _verifiers;

    private RsaSigningKey(string id, string[] algorithms, ObjectPool<RSA> verifiers)
        : base(id) => (_algorithms, _verifiers) = (algorithms, verifiers);

    /// <summary>
    /// The key, or null when it is short, huge, or of an unusual exponent. Its <c>alg</c> may be missing, as it is at some providers: then
    /// it is good for those of the algorithms that are RSA's.
    /// </summary>
    /// <remarks>RFC 7518 section 6.3; section 3.3 for the least size.</remarks>
    public static RsaSigningKey? TryRead(JsonElement jwk, string id, IReadOnlyList<string> algorithms)
    {
        string[] own = [.. algorithms.Where(name => Padding(name) is not null && (!jwk.Has("alg"u8) || jwk.Text("alg"u8) == name))];
        if (own.Length == 0 || Bytes(jwk, "n"u8) is not { Length: >= MinBytes and <= MaxBytes } modulus || modulus[0] < 0x80 ||
            Bytes(jwk, "e"u8) is not [1, 0, 1] exponent)
        {
            return null;
        }

        var pool = new DefaultObjectPoolProvider().Create(new VerifierPolicy(new RSAParameters { Modulus = modulus, Exponent = exponent }));
        try
        {
            pool.Return(pool.Get());
        }
        catch (CryptographicException)
        {
            return null;
        }

        return new RsaSigningKey(id, own, pool);
    }

    /// <remarks>RFC 7518 sections 3.3 and 3.5.</remarks>
    public override bool Verify(string algorithm, ReadOnlySpan<byte> signingInput, ReadOnlySpan<byte> signature)
    {
        if (!_algorithms.Contains(algorithm) || Padding(algorithm) is not { } padding)
        {
            return false;
        }

        RSA verifier = _verifiers.Get();
        try
        {
            return verifier.VerifyData(signingInput, signature, HashAlgorithmName.SHA256, padding);
        }
        finally
        {
            _verifiers.Return(verifier);
        }
    }

    private static RSASignaturePadding? Padding(string algorithm) => algorithm switch
    {
        SignatureAlgorithm.RS256 => RSASignaturePadding.Pkcs1,
        SignatureAlgorithm.PS256 => RSASignaturePadding.Pss,
        _ => null,
    };

    private sealed class VerifierPolicy(RSAParameters key) : PooledObjectPolicy<RSA>
    {
        public override RSA Create() => RSA.Create(key);

        public override bool Return(RSA obj) => true;
    }
}
