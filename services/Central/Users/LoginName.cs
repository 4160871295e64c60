using System.Text;

namespace Central.Users;

/// <summary>The one spelling of user names and e-mail addresses, so that no two accounts differ in case or in look-alike letters of compatibility only.</summary>
internal static class LoginName
{
    /// <summary>Longest name: it becomes the <c>owner</c> of documents, a text of 140 characters.</summary>
    public const int MaxLength = 140;

    /// <summary>The normal form, or null when the text can be no name.</summary>
    public static string? Normalize(string text)
    {
        if (text.Length is 0 or > MaxLength || !IsWellFormed(text))
        {
            return null;
        }

        var name = text.Trim().Normalize(NormalizationForm.FormKC).ToLowerInvariant();
        return name.Length is 0 or > MaxLength || name.AsSpan().ContainsAny('<', '>') ? null : name;
    }

    /// <summary>Whether a normal form looks like an e-mail address: one @ between texts without blanks.</summary>
    public static bool IsEmail(string name)
    {
        var at = name.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && at < name.Length - 1 && name.LastIndexOf('@') == at && !name.Any(char.IsWhiteSpace);
    }

    // Half a surrogate pair cannot be normalised; a control character has no place in a name.
    private static bool IsWellFormed(string text) => text.EnumerateRunes().All(rune => rune != Rune.ReplacementChar && !Rune.IsControl(rune));
}
