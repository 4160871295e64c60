using System.Globalization;
using System.Text;
using Microservices.DocTypes;
using Microservices.Errors;

namespace Microservices.Files;

/// <summary>
/// Makes a name that is safe in an address, a header and any file system out of what a client called a file: the last part of a path, without what cannot
/// be seen and without what addresses and systems read as something else.
/// </summary>
internal static class FileNames
{
    private const string Reserved = "<>:\"|?*#%&;`'\\/";

    private static readonly HashSet<string> s_devices = new(
        ["CON", "PRN", "AUX", "NUL", .. Enumerable.Range(0, 10).SelectMany(n => new[] { $"COM{n}", $"LPT{n}" })], StringComparer.OrdinalIgnoreCase);

    /// <exception cref="ValidationException">Nothing of the name is left, or it is too long.</exception>
    public static string Clean(string given)
    {
        var name = new StringBuilder(given.Length);
        foreach (var rune in given[(given.AsSpan().LastIndexOfAny('/', '\\') + 1)..].EnumerateRunes())
        {
            // Format characters turn text around or hide in it; a replacement character was half a character.
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse
                || rune == Rune.ReplacementChar)
            {
                continue;
            }

            name.Append(Rune.IsWhiteSpace(rune) ? " " : rune.IsAscii && Reserved.Contains((char)rune.Value) ? "_" : rune.ToString());
        }

        var clean = name.ToString().Normalize(NormalizationForm.FormC).Trim(' ', '.');
        if (clean.Length == 0)
        {
            throw new ValidationException("The file needs a name");
        }

        if (s_devices.Contains(clean.Split('.')[0].TrimEnd()))
        {
            clean = "_" + clean;
        }

        return clean.Length <= StandardFields.NameLength
            ? clean
            : throw new CharacterLengthExceededException($"The name of a file cannot be longer than {StandardFields.NameLength} characters");
    }

    /// <summary>The name with a mark before its extension, cut so that it stays within its length.</summary>
    public static string WithMark(string name, string mark)
    {
        var extension = Path.GetExtension(name);
        var stem = Path.GetFileNameWithoutExtension(name);
        var room = StandardFields.NameLength - extension.Length - mark.Length;
        if (room < 1)
        {
            (stem, extension, room) = (name, "", StandardFields.NameLength - mark.Length);
        }

        var length = Math.Min(stem.Length, room);
        return stem[..(length > 0 && char.IsHighSurrogate(stem[length - 1]) ? length - 1 : length)] + mark + extension;
    }
}
