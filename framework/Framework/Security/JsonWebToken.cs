using System.Buffers;
using System.Text;

namespace Microservices.Security;

/// <summary>
/// The three parts of a token in compact form, decoded but not yet trusted. Holds a pooled buffer until it is disposed.
/// </summary>
/// <remarks>RFC 7515 section 3.1.</remarks>
internal readonly struct JsonWebToken : IDisposable
{
    /// <summary>Longest token that is looked at, in characters.</summary>
    public const int MaxLength = 8192;

    private readonly byte[] _buffer;
    private readonly int _signingInputLength;
    private readonly Range _header;
    private readonly Range _payload;
    private readonly Range _signature;

    private JsonWebToken(byte[] buffer, int signingInputLength, Range header, Range payload, Range signature)
    {
        _buffer = buffer;
        _signingInputLength = signingInputLength;
        _header = header;
        _payload = payload;
        _signature = signature;
    }

    /// <summary>The bytes that the signature covers.</summary>
    public ReadOnlySpan<byte> SigningInput => _buffer.AsSpan(0, _signingInputLength);

    /// <summary>The header's JSON.</summary>
    public ReadOnlyMemory<byte> Header => _buffer.AsMemory(_header);

    /// <summary>The claims' JSON.</summary>
    public ReadOnlyMemory<byte> Payload => _buffer.AsMemory(_payload);

    /// <summary>The signature's bytes.</summary>
    public ReadOnlySpan<byte> Signature => _buffer.AsSpan(_signature);

    /// <summary>Splits and decodes; false when the text is not exactly three parts of strict base64url.</summary>
    public static bool TryParse(ReadOnlySpan<char> compact, out JsonWebToken token)
    {
        token = default;
        if (compact.Length > MaxLength || compact.Count('.') != 2)
        {
            return false;
        }

        int first = compact.IndexOf('.');
        int second = compact.LastIndexOf('.');
        if (first == 0 || second == first + 1 || second == compact.Length - 1)
        {
            return false;
        }

        // The text and, behind it, its decoded parts, which are shorter.
        byte[] buffer = ArrayPool<byte>.Shared.Rent(compact.Length * 2);
        int end = compact.Length;
        if (Ascii.FromUtf16(compact, buffer, out _) == OperationStatus.Done &&
            TryDecode(buffer, ..first, ref end, out Range header) &&
            TryDecode(buffer, (first + 1)..second, ref end, out Range payload) &&
            TryDecode(buffer, (second + 1)..compact.Length, ref end, out Range signature))
        {
            token = new JsonWebToken(buffer, second, header, payload, signature);
            return true;
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return false;
    }

    /// <summary>Gives the buffer back; the parts must not be used after it.</summary>
    public void Dispose()
    {
        if (_buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }
    }

    private static bool TryDecode(byte[] buffer, Range source, ref int end, out Range decoded)
    {
        bool isDecoded = StrictBase64Url.TryDecode(buffer.AsSpan(source), buffer.AsSpan(end), out int written);
        decoded = end..(end + written);
        end += written;
        return isDecoded;
    }
}
