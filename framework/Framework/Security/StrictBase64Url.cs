using System.Buffers;
using System.Buffers.Text;

namespace Microservices.Security;

/// <summary>Base64url as RFC 7515 section 2 has it: its 64 letters only, no padding, and one spelling for each value.</summary>
internal static class StrictBase64Url
{
    private static ReadOnlySpan<byte> Alphabet => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8;

    private static readonly SearchValues<byte> s_alphabet = SearchValues.Create(Alphabet);

    /// <summary>Decodes into <paramref name="destination"/>; false for any other text than the encoder would write.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> destination, out int written)
    {
        written = 0;

        // The decoder of .NET skips white space and takes padding, so the letters are looked at first.
        if (text.Length % 4 == 1 || text.ContainsAnyExcept(s_alphabet) || HasSpareBits(text))
        {
            return false;
        }

        return Base64Url.DecodeFromUtf8(text, destination, out _, out written) == OperationStatus.Done;
    }

    /// <summary>Bits of the last letter that stand for nothing must be zero; else several texts would mean the same bytes.</summary>
    private static bool HasSpareBits(ReadOnlySpan<byte> text)
    {
        int mask = (text.Length % 4) switch { 2 => 0b1111, 3 => 0b11, _ => 0 };
        return mask != 0 && (Alphabet.IndexOf(text[^1]) & mask) != 0;
    }
}
