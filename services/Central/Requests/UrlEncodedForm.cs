using System.Text;

namespace Central.Requests;

/// <summary>
/// Reads <c>application/x-www-form-urlencoded</c> text to the letter: ASP.NET's collections merge repeated names and do not tell
/// letter case, and both decide who a client is.
/// </summary>
/// <remarks>RFC 6749 sections 3.2 and appendix B: names are case-sensitive, none is repeated, one without a value was not sent.</remarks>
internal static class UrlEncodedForm
{
    private const int MaxParameters = 100;

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="MalformedFormException">A name is repeated, an encoding is broken, or there are too many parameters.</exception>
    public static Dictionary<string, string> Parse(ReadOnlySpan<byte> form)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        var count = 0;
        foreach (var range in form.Split((byte)'&'))
        {
            var pair = form[range];
            if (pair.IsEmpty)
            {
                continue;
            }

            if (++count > MaxParameters)
            {
                throw new MalformedFormException($"more than {MaxParameters} parameters");
            }

            var equals = pair.IndexOf((byte)'=');
            var name = Decode(equals < 0 ? pair : pair[..equals]);
            if (!parameters.TryAdd(name, equals < 0 ? "" : Decode(pair[(equals + 1)..])))
            {
                throw new MalformedFormException("a parameter is repeated");
            }
        }

        return parameters;
    }

    /// <summary>Decodes one name or value.</summary>
    /// <inheritdoc cref="Parse"/>
    public static string Decode(ReadOnlySpan<byte> text)
    {
        var bytes = new byte[text.Length];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is (byte)'%')
            {
                bytes[length++] = i + 2 < text.Length && char.IsAsciiHexDigit((char)text[i + 1]) && char.IsAsciiHexDigit((char)text[i + 2])
                    ? (byte)((HexValue(text[i + 1]) << 4) | HexValue(text[i + 2]))
                    : throw new MalformedFormException("a broken percent-encoding");
                i += 2;
            }
            else
            {
                bytes[length++] = text[i] is (byte)'+' ? (byte)' ' : text[i];
            }
        }

        try
        {
            var decoded = s_utf8.GetString(bytes, 0, length);
            return decoded.Contains('\0', StringComparison.Ordinal) ? throw new MalformedFormException("a NUL character") : decoded;
        }
        catch (DecoderFallbackException)
        {
            throw new MalformedFormException("text that is not UTF-8");
        }
    }

    private static int HexValue(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
