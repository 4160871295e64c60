using System.Globalization;
using System.Text.Json.Nodes;
using Microservices.Errors;

namespace Microservices.Resources.Patching;

/// <summary>A path into a JSON document.</summary>
/// <remarks>RFC 6901.</remarks>
internal sealed class JsonPointer
{
    private JsonPointer(string text, string[] segments) => (Text, Segments) = (text, segments);

    public string Text { get; }

    public string[] Segments { get; }

    /// <exception cref="DataException">The text is no pointer.</exception>
    public static JsonPointer Parse(string text)
    {
        if (text.Length == 0)
        {
            return new JsonPointer(text, []);
        }

        return text[0] == '/' ? new JsonPointer(text, [.. text[1..].Split('/').Select(Unescape)])
            : throw new DataException($"'{text}' is not a path: it starts with '/'");
    }

    /// <summary>The value it points to.</summary>
    /// <exception cref="DataException">There is none.</exception>
    public JsonNode? Get(JsonNode? root)
    {
        var node = root;
        foreach (var segment in Segments)
        {
            node = Child(node, segment);
        }

        return node;
    }

    /// <summary>The object or array that holds the value, and its key there.</summary>
    public (JsonNode Holder, string Key) Locate(JsonNode? root)
    {
        var node = root;
        foreach (var segment in Segments.AsSpan(0, Segments.Length - 1))
        {
            node = Child(node, segment);
        }

        return node is JsonObject or JsonArray ? (node, Segments[^1]) : throw Missing();
    }

    /// <summary>An index of an array, without leading zeros.</summary>
    /// <exception cref="DataException">The text is no index, or is beyond the limit.</exception>
    public int Index(string segment, int limit)
    {
        var isIndex = int.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && (segment.Length == 1 || segment[0] != '0');
        return isIndex && index <= limit ? index : throw Missing();
    }

    public DataException Missing() => new($"There is nothing at '{Text}'");

    private JsonNode? Child(JsonNode? node, string segment) => node switch
    {
        JsonObject map when map.TryGetPropertyValue(segment, out var value) => value,
        JsonArray list => list[Index(segment, list.Count - 1)],
        _ => throw Missing(),
    };

    private static string Unescape(string segment)
    {
        for (var i = segment.IndexOf('~', StringComparison.Ordinal); i >= 0; i = segment.IndexOf('~', i + 1))
        {
            if (i + 1 == segment.Length || segment[i + 1] is not ('0' or '1'))
            {
                throw new DataException($"'{segment}' is not part of a path: '~' stands for itself as '~0'");
            }
        }

        return segment.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
    }
}
