using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Microservices.DocTypes;

/// <summary>
/// The keys of one object of a DocType file. Frappe wrote such files for many years: a flag is 1, "1" or true, an absent value is
/// missing, null or empty text, and each is read as the same thing here.
/// </summary>
internal sealed class JsonObjectReader(JsonElement element, Func<string, DocTypeException> error)
{
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    /// <summary>The error of this object, at its line.</summary>
    public DocTypeException Error(string reason) => error(reason);

    /// <summary>Text; empty when absent.</summary>
    public string Text(string key)
    {
        if (Find(key) is not { } value)
        {
            return "";
        }

        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.True => "1",
            JsonValueKind.False => "0",
            _ => throw Wrong(key, "text", value),
        };
    }

    /// <summary>0 or 1.</summary>
    public bool Flag(string key, bool whenAbsent = false)
    {
        if (Find(key) is not { } value)
        {
            return whenAbsent;
        }

        return value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => Number(key, value) != 0,
        };
    }

    /// <summary>A whole number from 0; null when absent.</summary>
    public int? Number(string key) => Find(key) is { } value ? Number(key, value) : null;

    /// <summary>An array; empty when absent.</summary>
    public IEnumerable<JsonElement> Array(string key)
    {
        if (Find(key) is not { } value)
        {
            return [];
        }

        return value.ValueKind is JsonValueKind.Array ? value.EnumerateArray() : throw Wrong(key, "a list", value);
    }

    /// <summary>The keys that nobody asked for.</summary>
    public ImmutableDictionary<string, JsonElement> Rest()
    {
        var rest = ImmutableDictionary.CreateBuilder<string, JsonElement>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            if (!_read.Contains(property.Name))
            {
                rest[property.Name] = property.Value;
            }
        }

        return rest.ToImmutable();
    }

    private JsonElement? Find(string key)
    {
        _read.Add(key);
        var isThere = element.TryGetProperty(key, out var value)
            && value.ValueKind is not JsonValueKind.Null
            && !(value.ValueKind is JsonValueKind.String && value.ValueEquals(""));
        return isThere ? value : null;
    }

    private int Number(string key, JsonElement value)
    {
        var text = value.ValueKind is JsonValueKind.String ? value.GetString()!.Trim() : value.GetRawText();
        var isNumber = decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number);
        return isNumber && number == decimal.Truncate(number) && number <= int.MaxValue
            ? (int)number
            : throw Wrong(key, "a whole number from 0", value);
    }

    private DocTypeException Wrong(string key, string expected, JsonElement value)
    {
        var found = value.GetRawText();
        return error($"'{key}' is {(found.Length > 40 ? found[..40] + "..." : found)}, and should be {expected}");
    }
}
