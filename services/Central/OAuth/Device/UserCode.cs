using System.Security.Cryptography;

namespace Central.OAuth.Device;

/// <summary>The short code that a device shows and a person types: consonants only, so that it neither spells words nor mixes up 0 and O.</summary>
/// <remarks>RFC 8628 section 6.1.</remarks>
internal static class UserCode
{
    private const string Alphabet = "BCDFGHJKLMNPQRSTVWXZ";
    private const int Length = 8;
    private const int GroupLength = Length / 2;

    /// <summary>A new code, such as <c>WDJB-MJHT</c>.</summary>
    public static string Generate() => Format(RandomNumberGenerator.GetString(Alphabet, Length));

    /// <summary>A code as it is shown, of what was typed; null when it can be none. Letter case and separators do not matter.</summary>
    public static string? Normalize(string typed)
    {
        var letters = string.Concat(typed.Where(c => !char.IsWhiteSpace(c) && !char.IsPunctuation(c) && !char.IsSymbol(c)).Take(Length + 1).Select(char.ToUpperInvariant));
        return letters.Length == Length && letters.All(Alphabet.Contains) ? Format(letters) : null;
    }

    private static string Format(string letters) => $"{letters[..GroupLength]}-{letters[GroupLength..]}";
}
