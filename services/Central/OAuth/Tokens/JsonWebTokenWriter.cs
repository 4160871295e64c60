using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Central.Keys;

namespace Central.OAuth.Tokens;

/// <summary>Writes and signs JSON Web Tokens in the compact form.</summary>
/// <remarks>RFC 7515 section 5.1.</remarks>
internal sealed class JsonWebTokenWriter(KeyRing keys)
{
    /// <summary>A token is never part of a page, so at+jwt is written as it is.</summary>
    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Signs claims.</summary>
    /// <param name="type">The header's <c>typ</c>, which keeps one kind of token from being taken for another.</param>
    /// <param name="writeClaims">Writes the members.</param>
    public string Write(string type, Action<Utf8JsonWriter> writeClaims)
    {
        var key = keys.Signing;
        var header = Encode(writer =>
        {
            writer.WriteString("alg", "ES256");
            writer.WriteString("typ", type);
            writer.WriteString("kid", key.Kid);
        });
        var input = $"{header}.{Encode(writeClaims)}";
        return $"{input}.{Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(input)))}";
    }

    private static string Encode(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, s_json))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return Base64Url.EncodeToString(buffer.WrittenSpan);
    }
}

/// <summary>Members that are lists.</summary>
internal static class JsonWriterLists
{
    extension(Utf8JsonWriter writer)
    {
        public void WriteTexts(string name, IEnumerable<string> texts)
        {
            writer.WriteStartArray(name);
            foreach (var text in texts)
            {
                writer.WriteStringValue(text);
            }

            writer.WriteEndArray();
        }
    }
}
