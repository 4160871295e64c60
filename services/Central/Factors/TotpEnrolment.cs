using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Central.Settings;
using Central.Users;
using Microsoft.AspNetCore.DataProtection;

namespace Central.Factors;

/// <summary>What the set-up of an authenticator app shows.</summary>
/// <param name="Secret">The secret, in base32, in groups of four.</param>
/// <param name="Code">The same as a QR code.</param>
/// <param name="Kept">The same, protected, for the form to bring back.</param>
/// <param name="Username">Whose it is.</param>
/// <param name="Error">Why the last code was refused.</param>
internal sealed record EnrolmentModel(string Secret, QrCode Code, string Kept, string Username, string? Error = null);

/// <summary>An authenticator app that was shown and proved right.</summary>
/// <param name="Secret">Its secret.</param>
/// <param name="Step">The step of the code that proved it.</param>
internal sealed record ProvenApp(byte[] Secret, long Step);

/// <summary>
/// Sets up an authenticator app: shows a new secret, and takes it once a code proves that the app has it. In between the form keeps the
/// secret, protected and bound to the user, so that looking at the page changes nothing.
/// </summary>
internal sealed class TotpEnrolment(IDataProtectionProvider protection, CentralSettings settings, TimeProvider time)
{
    private const int GroupLength = 4;

    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(30);

    private readonly IDataProtector _protector = protection.CreateProtector("Central.Factors.TotpEnrolment");

    /// <summary>A new secret to show.</summary>
    public EnrolmentModel Begin(Account account)
    {
        var secret = Totp.NewSecret();
        var kept = new byte[sizeof(long) + secret.Length];
        BinaryPrimitives.WriteInt64BigEndian(kept, (time.GetUtcNow() + s_lifetime).ToUnixTimeSeconds());
        secret.CopyTo(kept, sizeof(long));
        return Model(account, secret, Base64Url.EncodeToString(ProtectorOf(account).Protect(kept)));
    }

    /// <summary>The same secret once more, after a wrong code; a new one when its time is over.</summary>
    public EnrolmentModel Again(Account account, string kept, string error) =>
        (Open(account, kept) is { } secret ? Model(account, secret, kept) : Begin(account)) with { Error = error };

    /// <summary>The app, when the code is one of the secret that was shown; otherwise null.</summary>
    public ProvenApp? Prove(Account account, string kept, string code) =>
        Open(account, kept) is { } secret && Totp.Match(secret, code.Replace(" ", "", StringComparison.Ordinal), time.GetUtcNow(), lastStep: 0) is { } step ? new(secret, step) : null;

    private byte[]? Open(Account account, string kept)
    {
        try
        {
            var bytes = Base64Url.IsValid(kept) ? ProtectorOf(account).Unprotect(Base64Url.DecodeFromChars(kept)) : [];
            return bytes.Length > sizeof(long) && time.GetUtcNow().ToUnixTimeSeconds() < BinaryPrimitives.ReadInt64BigEndian(bytes) ? bytes[sizeof(long)..] : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private IDataProtector ProtectorOf(Account account) => _protector.CreateProtector(account.Name);

    private EnrolmentModel Model(Account account, byte[] secret, string kept) => new(
        string.Join(' ', Totp.ToBase32(secret).Chunk(GroupLength).Select(group => new string(group))),
        QrCode.Of(Totp.AddressOf(secret, new Uri(settings.Issuer).Host, account.Username)),
        kept,
        account.Username);
}
