namespace Central.Users;

/// <summary>The languages that services speak, for people to choose from.</summary>
internal static class Languages
{
    private static readonly (string Value, string Text)[] s_known = [("", "What the browser asks for"), ("en", "English"), ("nl", "Nederlands"), ("ar", "العربية")];

    /// <summary>Whether a language is one of them; empty text is what the browser asks for.</summary>
    public static bool IsKnown(string language) => s_known.Any(known => known.Value == language);

    /// <summary>What a form offers, with the present choice where somebody set another one.</summary>
    public static IEnumerable<(string Value, string Text)> Choices(string present) => IsKnown(present) ? s_known : s_known.Append((present, present));
}
