using System.Globalization;
using System.Text;

namespace Microservices.Data.Dialects;

/// <summary>
/// Text as MariaDB's <c>utf8mb4_unicode_520_nopad_ci</c> compares it, for the letters in use: neither case nor accents count, æ is ae,
/// punctuation comes before digits, and digits before letters. Letters of scripts that the table below does not name follow their code.
/// </summary>
internal static class SqliteText
{
    private const string PunctuationInOrder = " `^_-,;:!?.'\"()[]{}@*/\\&#%+<=>|~$";

    // Accents make letters of their own here, where elsewhere they do not count.
    private const string CyrillicWithoutOwnLetter = "ЀЁЍѐёѝѶѷ";

    private static readonly byte[] s_asciiRanks = AsciiRanks();

    /// <summary>Compares without case and accents; what differs only in those is equal.</summary>
    public static int Compare(string a, string b) => Ascii.IsValid(a) && Ascii.IsValid(b) ? CompareRanks(a, b) : CompareRanks(Fold(a), Fold(b));

    /// <summary>LIKE without case and accents, character by character: % any run, _ any one character, \ takes the next as it is.</summary>
    public static bool Like(string pattern, string text)
    {
        var (p, t) = (Characters(pattern), Characters(text));
        int pi = 0, ti = 0, star = -1, mark = 0;
        while (ti < t.Count)
        {
            if (pi < p.Count && p[pi] == "%")
            {
                (star, mark) = (pi++, ti);
                continue;
            }

            var escaped = pi + 1 < p.Count && p[pi] == "\\";
            if (pi < p.Count && (escaped ? p[pi + 1] == t[ti] : p[pi] == "_" || p[pi] == t[ti]))
            {
                pi += escaped ? 2 : 1;
                ti++;
            }
            else if (star >= 0)
            {
                (pi, ti) = (star + 1, ++mark);
            }
            else
            {
                return false;
            }
        }

        return p.Skip(pi).All(character => character == "%");
    }

    private static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length + 4);
        foreach (var rune in text.Normalize(NormalizationForm.FormC).EnumerateRunes())
        {
            folded.Append(Fold(rune));
        }

        return folded.ToString();
    }

    private static List<string> Characters(string text)
    {
        var characters = new List<string>(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            characters.Add(Fold(rune));
        }

        return characters;
    }

    private static string Fold(Rune rune) => rune.Value switch
    {
        < 0x80 => Rune.ToUpperInvariant(rune).ToString(),
        'ß' or 'ẞ' => "SS",
        'æ' or 'Æ' => "AE",
        'œ' or 'Œ' => "OE",
        'ø' or 'Ø' => "O",
        'đ' or 'Đ' or 'ð' or 'Ð' => "D",
        'ł' or 'Ł' => "L",
        'ħ' or 'Ħ' => "H",
        'ı' => "ı", // whose upper case is I, and which is another letter
        >= 0x0622 and <= 0x0626 => rune.ToString(), // alef, waw and yeh that carry a hamza or madda
        >= 0x0400 and < 0x0530 when !CyrillicWithoutOwnLetter.Contains((char)rune.Value, StringComparison.Ordinal) => Rune.ToUpperInvariant(rune).ToString(),
        _ => WithoutMarks(rune),
    };

    private static string WithoutMarks(Rune rune)
    {
        var folded = new StringBuilder(4);
        foreach (var part in rune.ToString().Normalize(NormalizationForm.FormKD).EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(part) is not UnicodeCategory.NonSpacingMark)
            {
                // Katakana are Hiragana of another shape.
                folded.Append(part.Value is >= 'ァ' and <= 'ヶ' ? new Rune(part.Value - 'ァ' + 'ぁ') : Rune.ToUpperInvariant(part));
            }
        }

        return folded.ToString();
    }

    private static int CompareRanks(string a, string b)
    {
        for (var i = 0; i < a.Length && i < b.Length; i++)
        {
            var difference = Rank(a[i]) - Rank(b[i]);
            if (difference != 0)
            {
                return difference;
            }
        }

        return a.Length - b.Length;
    }

    private static int Rank(char character) => character < s_asciiRanks.Length ? s_asciiRanks[character] : character;

    private static byte[] AsciiRanks()
    {
        var ranks = new byte[0x80];
        byte next = 0;
        for (var control = '\0'; control < ' '; control++)
        {
            ranks[control] = next++;
        }

        ranks[0x7f] = next++;
        foreach (var character in PunctuationInOrder + "0123456789")
        {
            ranks[character] = next++;
        }

        for (var letter = 'A'; letter <= 'Z'; letter++)
        {
            ranks[letter] = ranks[char.ToLowerInvariant(letter)] = next++;
        }

        return ranks;
    }
}
