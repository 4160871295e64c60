using System.Security.Cryptography;
using System.Text;

namespace Central.Keys;

/// <summary>Encrypts private keys at rest with the key-encryption key: AES-256-GCM, bound to the name of what is encrypted.</summary>
internal sealed class KeyEncryption(byte[] keyEncryptionKey) : IDisposable
{
    /// <summary>Length of the key-encryption key.</summary>
    public const int KeyBytes = 32;

    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly AesGcm _cipher = new(keyEncryptionKey, TagBytes);

    /// <summary>Nonce, ciphertext and tag as base64.</summary>
    public string Encrypt(ReadOnlySpan<byte> secret, string name)
    {
        var sealedBytes = new byte[NonceBytes + secret.Length + TagBytes];
        var nonce = sealedBytes.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        _cipher.Encrypt(nonce, secret, sealedBytes.AsSpan(NonceBytes, secret.Length), sealedBytes.AsSpan(NonceBytes + secret.Length), Encoding.UTF8.GetBytes(name));
        return Convert.ToBase64String(sealedBytes);
    }

    /// <exception cref="CryptographicException">It was encrypted with another key, under another name, or was changed.</exception>
    public byte[] Decrypt(string sealedText, string name)
    {
        byte[] sealedBytes;
        try
        {
            sealedBytes = Convert.FromBase64String(sealedText);
        }
        catch (FormatException exception)
        {
            throw new CryptographicException("The encrypted key is not base64.", exception);
        }

        if (sealedBytes.Length < NonceBytes + TagBytes)
        {
            throw new CryptographicException("The encrypted key is cut short.");
        }

        var secret = new byte[sealedBytes.Length - NonceBytes - TagBytes];
        _cipher.Decrypt(
            sealedBytes.AsSpan(0, NonceBytes), sealedBytes.AsSpan(NonceBytes, secret.Length), sealedBytes.AsSpan(NonceBytes + secret.Length), secret, Encoding.UTF8.GetBytes(name));
        return secret;
    }

    /// <summary>A key for another purpose, from which the key-encryption key cannot be told.</summary>
    /// <remarks>RFC 5869.</remarks>
    public byte[] DeriveKey(string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, keyEncryptionKey, KeyBytes, info: Encoding.UTF8.GetBytes(purpose));

    /// <inheritdoc/>
    public void Dispose() => _cipher.Dispose();
}
