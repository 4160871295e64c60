using System.Text.Json;
using Microservices.Data.Queries;
using Microservices.DocTypes;
using Microservices.Errors;

namespace Microservices.Resources;

/// <summary>Reads the JSON of <c>filters</c> and <c>or_filters</c> in the shapes of Frappe's v1 list.</summary>
internal static class FilterParser
{
    /// <exception cref="DataException">The text is not JSON, or not of one of the shapes.</exception>
    public static void Parse(DocType docType, string text, string parameter, List<Filter> filters)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return;
        }

        using var json = RequestBody.Parse(text, parameter);
        switch (json.RootElement.ValueKind)
        {
            case JsonValueKind.Null:
                break;
            case JsonValueKind.Object:
                foreach (var property in json.RootElement.EnumerateObject())
                {
                    filters.Add(FromPair(property.Name, property.Value, parameter));
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in json.RootElement.EnumerateArray())
                {
                    filters.Add(FromTriple(docType, item, parameter));
                }

                break;
            default:
                throw Shape(parameter);
        }
    }

    private static Filter FromPair(string field, JsonElement value, string parameter) =>
        value.ValueKind is not JsonValueKind.Array ? new Filter(field, "=", Value(value, parameter))
        : value.GetArrayLength() == 2 && value[0].ValueKind is JsonValueKind.String ? new Filter(field, value[0].GetString()!, Value(value[1], parameter))
        : throw Shape(parameter);

    private static Filter FromTriple(DocType docType, JsonElement item, string parameter)
    {
        if (item.ValueKind is not JsonValueKind.Array)
        {
            throw Shape(parameter);
        }

        var length = item.GetArrayLength();
        // ["DocType", "field", "op", value], and a fifth element that Frappe ignores.
        var start = length is 4 or 5 ? 1 : length == 3 ? 0 : throw Shape(parameter);
        if (start == 1 && (item[0].ValueKind is not JsonValueKind.String || item[0].GetString() != docType.Name))
        {
            throw new DataException($"{parameter} may name fields of {docType.Name} only");
        }

        return item[start].ValueKind is JsonValueKind.String && item[start + 1].ValueKind is JsonValueKind.String
            ? new Filter(item[start].GetString()!, item[start + 1].GetString()!, Value(item[start + 2], parameter))
            : throw Shape(parameter);
    }

    private static object? Value(JsonElement value, string parameter) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => value.TryGetInt64(out var whole) ? whole : value.TryGetDecimal(out var number) ? number : throw new DataException($"A number in {parameter} is out of range"),
        JsonValueKind.Array => value.EnumerateArray().Select(item => item.ValueKind is JsonValueKind.Array or JsonValueKind.Object ? throw Shape(parameter) : Value(item, parameter)).ToList(),
        _ => throw Shape(parameter),
    };

    private static DataException Shape(string parameter) =>
        new($$"""{{parameter}} is {"field": value}, {"field": ["operator", value]} or [["field", "operator", value], ...]""");
}
