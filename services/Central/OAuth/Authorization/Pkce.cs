using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Central.OAuth.Authorization;

/// <summary>Proof key for code exchange, S256 only.</summary>
/// <remarks>RFC 7636.</remarks>
internal static class Pkce
{
    /// <summary>The one method.</summary>
    public const string Method = "S256";

    private const int MinLength = 43;
    private const int MaxLength = 128;

    /// <summary>Whether a text has the form of a challenge or verifier.</summary>
    /// <remarks>RFC 7636 sections 4.1 and 4.2.</remarks>
    public static bool IsWellFormed(string text) =>
        text.Length is >= MinLength and <= MaxLength && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~');

    /// <summary>Whether a verifier belongs to a challenge.</summary>
    /// <remarks>RFC 7636 section 4.6.</remarks>
    public static bool Verify(string? verifier, string challenge) =>
        verifier is not null && IsWellFormed(verifier) &&
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)))), Encoding.ASCII.GetBytes(challenge));
}
