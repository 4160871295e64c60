using System.Buffers;
using System.Text;

namespace Microservices.Security;

/// <summary>Reads <c>key:secret</c> from what follows the scheme.</summary>
internal static class ApiKeyCredential
{
    private const int MaxLength = 512;

    /// <summary>The pair as sent after <c>token</c>, or null when it cannot be one.</summary>
    public static string? FromToken(ReadOnlySpan<char> text)
    {
        int colon = text.IndexOf(':');
        return text.Length <= MaxLength && colon > 0 && colon < text.Length - 1 && !text.ContainsAnyExceptInRange('!', '~') ? text.ToString() : null;
    }

    /// <summary>The pair inside Basic, or null when it cannot be one.</summary>
    /// <remarks>RFC 7617 section 2.</remarks>
    public static string? FromBasic(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[MaxLength];
        Span<char> pair = stackalloc char[MaxLength];
        return !text.ContainsAnyExceptInRange('!', '~') && Convert.TryFromBase64Chars(text, bytes, out int count) &&
            Ascii.ToUtf16(bytes[..count], pair, out int length) == OperationStatus.Done
            ? FromToken(pair[..length])
            : null;
    }
}
