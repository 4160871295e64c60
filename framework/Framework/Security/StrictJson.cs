using System.Text.Json;
using System.Text.Unicode;

namespace Microservices.Security;

/// <summary>JSON from outside that decides who a caller is: no duplicate members, no broken text, little depth.</summary>
internal static class StrictJson
{
    private static readonly JsonDocumentOptions s_options = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <summary>The object, or null when the bytes are anything else.</summary>
    public static JsonDocument? ParseObject(ReadOnlyMemory<byte> utf8)
    {
        if (!Utf8.IsValid(utf8.Span))
        {
            return null;
        }

        try
        {
            JsonDocument document = JsonDocument.Parse(utf8, s_options);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
            return null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // A name with half a surrogate pair is an InvalidOperationException.
            return null;
        }
    }

    extension(JsonElement element)
    {
        /// <summary>Whether the object has the member at all.</summary>
        public bool Has(ReadOnlySpan<byte> name) => element.TryGetProperty(name, out _);

        /// <summary>The member if it is text and not empty, else null.</summary>
        public string? Text(ReadOnlySpan<byte> name) => element.TryGetProperty(name, out JsonElement value) ? value.AsText() : null;

        /// <summary>The value if it is text and not empty, else null.</summary>
        public string? AsText()
        {
            if (element.ValueKind != JsonValueKind.String)
            {
                return null;
            }

            try
            {
                return element.GetString() is { Length: > 0 } text ? text : null;
            }
            catch (InvalidOperationException)
            {
                // Half a surrogate pair, written as an escape.
                return null;
            }
        }

        /// <summary>The value if it is an array of text, else null.</summary>
        public string[]? AsTexts()
        {
            if (element.ValueKind != JsonValueKind.Array)
            {
                return null;
            }

            string[] texts = new string[element.GetArrayLength()];
            int count = 0;
            foreach (JsonElement item in element.EnumerateArray())
            {
                if (item.AsText() is not { } text)
                {
                    return null;
                }

                texts[count++] = text;
            }

            return texts;
        }

        /// <summary>The member if it is a time in seconds since 1970, else null. Times past the year 9999 are that year's end.</summary>
        /// <remarks>RFC 7519 section 2, NumericDate.</remarks>
        public DateTimeOffset? Time(ReadOnlySpan<byte> name)
        {
            if (!element.TryGetProperty(name, out JsonElement value) || value.ValueKind != JsonValueKind.Number ||
                !value.TryGetDouble(out double seconds) || double.IsNaN(seconds))
            {
                return null;
            }

            const double last = 253_402_300_799;
            return DateTimeOffset.UnixEpoch.AddSeconds(Math.Clamp(seconds, 0, last));
        }
    }
}
