using System.Buffers;
using System.Buffers.Text;

namespace Microservices.Security;

/// <summary>Base64url as RFC 7515 section 2 has it: its 64 letters only, no padding, and one spelling for each value.</summary>
internal static class StrictBase64Url
{
    private static readonly SearchValues<byte> s_alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);

    /// <summary>Decodes into <paramref name="destination"/>; false for any other text than the encoder would write.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> destination, out int written)
    {
        written = 0;

        // The decoder of .NET skips white space and takes padding, so the letters are looked at first. Spare bits of the last letter
        // that are not zero, and a letter too many, it refuses itself.
        return !text.ContainsAnyExcept(s_alphabet) && Base64Url.DecodeFromUtf8(text, destination, out _, out written) == OperationStatus.Done;
    }
}
