using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Microservices.Security;

/// <summary>
/// Reads the tokens of a provider that has other names for what ours carry: gives the claims with the names of RFC 9068 and of the central
/// site. A claim with a place of its own is taken from there or is missing; what stands under its usual name then means something else.
/// One role, which some providers write as text, is a list of one.
/// </summary>
internal sealed class ClaimMap(IReadOnlyDictionary<string, string> places)
{
    private const string Roles = "roles";

    /// <summary>The claims that may stand elsewhere. Issuer, audience and times have the same names everywhere.</summary>
    public static IReadOnlyList<string> Names { get; } = ["sub", "client_id", "jti", "tenant", Roles, "scope", "username"];

    private readonly (string Name, string[] Path)[] _places = [.. places.Select(place => (place.Key, Path(place.Value)))];

    /// <summary>The same claims under the usual names. The caller disposes them.</summary>
    public JsonDocument Apply(JsonElement claims)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            foreach (JsonProperty claim in claims.EnumerateObject())
            {
                if (!_places.Any(place => place.Name == claim.Name))
                {
                    Write(writer, claim.Name, claim.Value);
                }
            }

            foreach ((string name, string[] path) in _places)
            {
                if (Find(claims, path) is { } value)
                {
                    Write(writer, name, value, isListOfOne: name == Roles && value.ValueKind == JsonValueKind.String);
                }
            }

            writer.WriteEndObject();
        }

        return JsonDocument.Parse(json.WrittenMemory);
    }

    /// <summary>Members of members are joined by dots; a name that is an address, as some providers demand of own claims, has dots of its own.</summary>
    private static string[] Path(string place) => place.Contains("://", StringComparison.Ordinal) ? [place] : place.Split('.');

    private static JsonElement? Find(JsonElement element, string[] path)
    {
        foreach (string name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return null;
            }
        }

        return element;
    }

    private static void Write(Utf8JsonWriter writer, string name, JsonElement value, bool isListOfOne = false)
    {
        writer.WritePropertyName(name);
        if (isListOfOne)
        {
            writer.WriteStartArray();
        }

        writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true); // as it came: escapes that cannot be read stay unread
        if (isListOfOne)
        {
            writer.WriteEndArray();
        }
    }
}
