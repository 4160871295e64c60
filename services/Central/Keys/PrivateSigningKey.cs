using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.ObjectPool;

namespace Central.Keys;

/// <summary>A key that signs: EC P-256, ES256.</summary>
internal sealed class PrivateSigningKey
{
    private readonly ObjectPool<ECDsa> _signers;
    private readonly string _x;
    private readonly string _y;

    private PrivateSigningKey(ECParameters parameters)
    {
        // Instances of ECDsa are not promised to be safe for several threads.
        _signers = new DefaultObjectPoolProvider().Create(new SignerPolicy(parameters));
        (_x, _y) = (Base64Url.EncodeToString(parameters.Q.X), Base64Url.EncodeToString(parameters.Q.Y));
        Kid = Thumbprint(_x, _y);
    }

    /// <summary>Its id: the JWK thumbprint.</summary>
    /// <remarks>RFC 7638 section 3.</remarks>
    public string Kid { get; }

    /// <summary>Makes a key. Returns it with its PKCS #8 form, to be encrypted.</summary>
    public static (PrivateSigningKey Key, byte[] Pkcs8) Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return (new PrivateSigningKey(key.ExportParameters(includePrivateParameters: true)), key.ExportPkcs8PrivateKey());
    }

    /// <exception cref="CryptographicException">It is no EC key.</exception>
    public static PrivateSigningKey Import(byte[] pkcs8)
    {
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(pkcs8, out _);
        return new PrivateSigningKey(key.ExportParameters(includePrivateParameters: true));
    }

    /// <summary>The thumbprint of a P-256 key by its coordinates, base64url.</summary>
    public static string Thumbprint(string x, string y) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""")));

    /// <summary>The public members, as they are published.</summary>
    /// <remarks>RFC 7517 section 4, RFC 7518 section 6.2.1.</remarks>
    public JsonObject PublicJwk() => new() { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = _x, ["y"] = _y, ["use"] = "sig", ["alg"] = "ES256", ["kid"] = Kid };

    /// <summary>The signature: r and s, 32 bytes each.</summary>
    /// <remarks>RFC 7518 section 3.4.</remarks>
    public byte[] Sign(ReadOnlySpan<byte> input)
    {
        var signer = _signers.Get();
        try
        {
            return signer.SignData(input, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        finally
        {
            _signers.Return(signer);
        }
    }

    private sealed class SignerPolicy(ECParameters parameters) : PooledObjectPolicy<ECDsa>
    {
        public override ECDsa Create() => ECDsa.Create(parameters);

        public override bool Return(ECDsa obj) => true;
    }
}
