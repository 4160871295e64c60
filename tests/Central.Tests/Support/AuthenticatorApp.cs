using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Microservices.Central.Tests.Support;

/// <summary>An authenticator app, written from RFC 6238 and not from the site's own code.</summary>
internal sealed class AuthenticatorApp(byte[] secret, TimeProvider clock)
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int StepSeconds = 30;

    public AuthenticatorApp(string base32, TimeProvider clock)
        : this(FromBase32(base32), clock)
    {
    }

    /// <summary>The code that the app shows; of earlier or later steps when asked for.</summary>
    public string Code(int stepsAhead = 0)
    {
        var counter = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, (clock.GetUtcNow().ToUnixTimeSeconds() / StepSeconds) + stepsAhead);
#pragma warning disable CA5350 // RFC 6238 says SHA-1.
        var hash = HMACSHA1.HashData(secret, counter);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 0x0f)) & 0x7fff_ffff;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>A code that is right in none of the steps around.</summary>
    public string WrongCode()
    {
        string[] right = [.. Enumerable.Range(-3, 7).Select(Code)];
        return Enumerable.Range(0, 10).Select(i => $"{i}{i}{i}{i}{i}{i}").First(code => !right.Contains(code));
    }

    private static byte[] FromBase32(string text)
    {
        var (bits, buffer, bytes) = (0, 0, new List<byte>());
        foreach (var c in text.Where(c => c != ' '))
        {
            buffer = (buffer << 5) | Alphabet.IndexOf(c, StringComparison.Ordinal);
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                bytes.Add((byte)(buffer >> bits));
                buffer &= (1 << bits) - 1;
            }
        }

        return [.. bytes];
    }
}
