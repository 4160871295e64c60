using System.Security.Cryptography;
using System.Text;
using OtpNet;

namespace Central.Factors;

/// <summary>Time-based one-time passwords of authenticator apps: SHA-1, six digits, a new one every 30 seconds.</summary>
/// <remarks>RFC 6238; RFC 4226 section 5.3.</remarks>
internal static class Totp
{
    /// <summary>Digits of a code.</summary>
    public const int Digits = 6;

    /// <summary>How long a code stands.</summary>
    public const int StepSeconds = 30;

    private const int SecretBytes = 20;

    /// <summary>How far apart the clocks of the phone and of the site may be, in steps.</summary>
    private const int Window = 1;

    /// <summary>A new secret: 160 bits.</summary>
    /// <remarks>RFC 4226 section 4, R6.</remarks>
    public static byte[] NewSecret() => RandomNumberGenerator.GetBytes(SecretBytes);

    /// <summary>The step of a moment.</summary>
    public static long StepAt(DateTimeOffset time) => time.ToUnixTimeSeconds() / StepSeconds;

    /// <summary>The code of a step.</summary>
    public static string CodeAt(byte[] secret, long step) => new Hotp(secret, OtpHashMode.Sha1, Digits).ComputeHOTP(step);

    /// <summary>The step whose code this is, of the present one and its neighbours; null when it is of none that is later than <paramref name="lastStep"/>.</summary>
    public static long? Match(byte[] secret, string code, DateTimeOffset time, long lastStep)
    {
        var (now, sent, match) = (StepAt(time), Encoding.UTF8.GetBytes(code), (long?)null);
        for (var step = now - Window; step <= now + Window; step++)
        {
            var isRight = CryptographicOperations.FixedTimeEquals(SHA256.HashData(sent), SHA256.HashData(Encoding.UTF8.GetBytes(CodeAt(secret, step))));
            match = isRight && step > lastStep ? match ?? step : match;
        }

        return match;
    }

    /// <summary>A secret as apps and people write it.</summary>
    public static string ToBase32(byte[] secret) => Base32Encoding.ToString(secret).TrimEnd('=');

    /// <exception cref="ValidationException">It is no base32 text of a secret.</exception>
    public static byte[] FromBase32(string text)
    {
        try
        {
            return Base32Encoding.ToBytes(text.Replace(" ", "", StringComparison.Ordinal)) is { Length: > 0 } secret ? secret : throw new ValidationException("The secret is empty");
        }
        catch (ArgumentException)
        {
            throw new ValidationException("The secret is not base32");
        }
    }

    /// <summary>The address that an app reads from a QR code.</summary>
    public static string AddressOf(byte[] secret, string site, string username)
    {
        var (issuer, user) = (Uri.EscapeDataString(site), Uri.EscapeDataString(username));
        return $"otpauth://totp/{issuer}:{user}?secret={ToBase32(secret)}&issuer={issuer}&algorithm=SHA1&digits={Digits}&period={StepSeconds}";
    }
}
