using System.Text;
using System.Text.Json;

namespace Microservices.Security;

/// <summary>A public key that an issuer signs access tokens with.</summary>
internal abstract class SigningKey(string id)
{
    /// <summary>The <c>kid</c>.</summary>
    public string Id { get; } = id;

    /// <summary>The key, as far as it is for ES256, the algorithm of the central site.</summary>
    public static SigningKey? TryRead(JsonElement jwk) => TryRead(jwk, SignatureAlgorithm.Default);

    /// <summary>The key, or null when it is of another type or use, holds a private part, or is not fit for one of the algorithms.</summary>
    /// <remarks>RFC 7517 section 4, RFC 7518 section 6.</remarks>
    public static SigningKey? TryRead(JsonElement jwk, IReadOnlyList<string> algorithms)
    {
        if (jwk.ValueKind != JsonValueKind.Object || jwk.Text("use"u8) != "sig" || jwk.Has("d"u8) || !MayVerify(jwk) || jwk.Text("kid"u8) is not { } id)
        {
            return null;
        }

        return jwk.Text("kty"u8) switch
        {
            "EC" => EcSigningKey.TryRead(jwk, id, algorithms),
            "RSA" => RsaSigningKey.TryRead(jwk, id, algorithms),
            _ => null,
        };
    }

    /// <summary>Whether the signature, by this algorithm, covers the input. False for an algorithm that is not the key's.</summary>
    public abstract bool Verify(string algorithm, ReadOnlySpan<byte> signingInput, ReadOnlySpan<byte> signature);

    /// <summary>Whether the signature, by ES256 as everything that the central site signs, covers the input.</summary>
    public bool Verify(ReadOnlySpan<byte> signingInput, ReadOnlySpan<byte> signature) => Verify(SignatureAlgorithm.ES256, signingInput, signature);

    /// <summary>The member as bytes in strict base64url, or null.</summary>
    protected static byte[]? Bytes(JsonElement jwk, ReadOnlySpan<byte> name)
    {
        if (jwk.Text(name) is not { } text)
        {
            return null;
        }

        byte[] bytes = new byte[text.Length];
        return StrictBase64Url.TryDecode(Encoding.UTF8.GetBytes(text), bytes, out int written) ? bytes[..written] : null;
    }

    private static bool MayVerify(JsonElement jwk) =>
        !jwk.TryGetProperty("key_ops"u8, out JsonElement operations) || operations.AsTexts()?.Contains("verify") == true;
}
