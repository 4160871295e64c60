using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Central.Keys;

/// <summary>
/// ASP.NET Core's Data Protection with keys derived from the key-encryption key: every process of the site reads what another one
/// protected, and there is no further key to store, share and rotate.
/// </summary>
internal sealed class SiteDataProtection(KeyEncryption encryption) : IDataProtectionProvider
{
    /// <inheritdoc/>
    public IDataProtector CreateProtector(string purpose) => new Protector(encryption, purpose);

    /// <summary>AES-256-GCM with a key of its own for each chain of purposes.</summary>
    private sealed class Protector(KeyEncryption encryption, string purposes) : IDataProtector
    {
        private const int NonceBytes = 12;
        private const int TagBytes = 16;

        private readonly byte[] _key = encryption.DeriveKey("data-protection\0" + purposes);

        public IDataProtector CreateProtector(string purpose) => new Protector(encryption, purposes + '\0' + purpose);

        public byte[] Protect(byte[] plaintext)
        {
            var result = new byte[NonceBytes + plaintext.Length + TagBytes];
            RandomNumberGenerator.Fill(result.AsSpan(0, NonceBytes));
            using var cipher = new AesGcm(_key, TagBytes);
            cipher.Encrypt(result.AsSpan(0, NonceBytes), plaintext, result.AsSpan(NonceBytes, plaintext.Length), result.AsSpan(NonceBytes + plaintext.Length));
            return result;
        }

        public byte[] Unprotect(byte[] protectedData)
        {
            if (protectedData.Length < NonceBytes + TagBytes)
            {
                throw new CryptographicException("The protected data is cut short.");
            }

            var plaintext = new byte[protectedData.Length - NonceBytes - TagBytes];
            using var cipher = new AesGcm(_key, TagBytes);
            cipher.Decrypt(protectedData.AsSpan(0, NonceBytes), protectedData.AsSpan(NonceBytes, plaintext.Length), protectedData.AsSpan(NonceBytes + plaintext.Length), plaintext);
            return plaintext;
        }
    }
}
