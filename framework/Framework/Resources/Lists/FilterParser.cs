using System.Text.Json;
using Microservices.Data.Queries;
using Microservices.DocTypes;
using Microservices.Errors;

namespace Microservices.Resources.Lists;

/// <summary>Reads <c>filters</c> and <c>or_filters</c> in the shapes of Frappe's lists; its v2 knows more of them.</summary>
internal sealed class FilterParser(DocType docType, string parameter, ListRules rules)
{
    /// <summary>The conditions that were read.</summary>
    public List<Filter> Filters { get; } = [];

    /// <summary>The combination of conditions that was read, if it was one. v2.</summary>
    public FilterExpression? Where { get; private set; }

    private bool IsV2 => rules is ListRules.V2;

    /// <exception cref="DataException">The text is not JSON, or not of one of the shapes.</exception>
    public FilterParser Read(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return this;
        }

        if (IsV2 && text.AsSpan().TrimStart()[0] is not ('{' or '[' or '"') && text.Trim() != "null")
        {
            Filters.Add(new Filter(StandardFields.Name, text.Trim()));
            return this;
        }

        using var json = RequestBody.Parse(text, parameter);
        return Read(json.RootElement);
    }

    /// <exception cref="DataException">It is not of one of the shapes.</exception>
    public FilterParser Read(JsonElement filters)
    {
        switch (filters.ValueKind)
        {
            case JsonValueKind.Null:
                break;
            case JsonValueKind.Object:
                ReadObject(filters);
                break;
            case JsonValueKind.Array when IsV2 && IsCombined(filters):
                Where = Combined(filters);
                break;
            case JsonValueKind.Array when IsV2 && filters.GetArrayLength() > 0 && filters.EnumerateArray().All(IsScalar):
                Filters.Add(new Filter(StandardFields.Name, "in", Value(filters)));
                break;
            case JsonValueKind.Array:
                foreach (var item in filters.EnumerateArray())
                {
                    ReadItem(item);
                }

                break;
            case JsonValueKind.String when IsV2:
                Filters.Add(new Filter(StandardFields.Name, filters.GetString()));
                break;
            default:
                throw Shape();
        }

        return this;
    }

    private void ReadObject(JsonElement filters)
    {
        foreach (var property in filters.EnumerateObject())
        {
            Filters.Add(FromPair(property.Name, property.Value));
        }
    }

    private void ReadItem(JsonElement item)
    {
        if (IsV2 && item.ValueKind is JsonValueKind.Object)
        {
            ReadObject(item);
        }
        else
        {
            Filters.Add(FromArray(item));
        }
    }

    // [c1, "and", c2, "or", [...]]
    private static bool IsCombined(JsonElement filters) =>
        filters.GetArrayLength() >= 3 && !IsScalar(filters[0]) && IsWord(filters[1]);

    private static bool IsWord(JsonElement item) =>
        item.ValueKind is JsonValueKind.String && item.GetString()!.ToUpperInvariant() is "AND" or "OR";

    // Left to right, neither word before the other.
    private FilterExpression Combined(JsonElement filters)
    {
        var result = Operand(filters[0]);
        var length = filters.GetArrayLength();
        for (var i = 1; i < length; i += 2)
        {
            if (!IsWord(filters[i]) || i + 1 == length)
            {
                throw Shape();
            }

            var isOr = filters[i].GetString()!.Equals("or", StringComparison.OrdinalIgnoreCase);
            result = new FilterExpression(result, isOr, Operand(filters[i + 1]));
        }

        return result;
    }

    private FilterExpression Operand(JsonElement item)
    {
        if (item.ValueKind is JsonValueKind.Array && item.GetArrayLength() > 0 && !IsScalar(item[0]))
        {
            return IsCombined(item) ? Combined(item)
                : item.GetArrayLength() == 1 ? Operand(item[0])
                : throw Shape();
        }

        if (item.ValueKind is not JsonValueKind.Object)
        {
            return new FilterExpression(FromArray(item));
        }

        FilterExpression? all = null;
        foreach (var property in item.EnumerateObject())
        {
            var condition = new FilterExpression(FromPair(property.Name, property.Value));
            all = all is null ? condition : new FilterExpression(all, isOr: false, condition);
        }

        return all ?? throw Shape();
    }

    private Filter FromPair(string field, JsonElement value) =>
        value.ValueKind is not JsonValueKind.Array ? new Filter(field, "=", Value(value))
        : value.GetArrayLength() == 2 && value[0].ValueKind is JsonValueKind.String ? new Filter(field, value[0].GetString()!, Value(value[1]))
        : throw Shape();

    private Filter FromArray(JsonElement item)
    {
        if (item.ValueKind is not JsonValueKind.Array)
        {
            throw Shape();
        }

        var length = item.GetArrayLength();
        if (length == 2 && IsV2 && item[0].ValueKind is JsonValueKind.String)
        {
            return new Filter(item[0].GetString()!, Value(item[1]));
        }

        // ["DocType", "field", "op", value], and a fifth element that Frappe ignores.
        var start = length is 4 or 5 ? 1 : length == 3 ? 0 : throw Shape();
        var owner = start == 0 ? docType.Name : item[0].ValueKind is JsonValueKind.String ? item[0].GetString()! : throw Shape();
        if (owner != docType.Name && !docType.Tables.Any(table => table.Child.Name == owner))
        {
            throw new DataException($"{parameter} may name fields of {docType.Name} and its tables only");
        }

        return item[start].ValueKind is JsonValueKind.String && item[start + 1].ValueKind is JsonValueKind.String
            ? new Filter(item[start].GetString()!, item[start + 1].GetString()!, Value(item[start + 2])) { DocType = owner == docType.Name ? "" : owner }
            : throw Shape();
    }

    private object? Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => value.TryGetInt64(out var whole) ? whole : value.TryGetDecimal(out var number) ? number : throw new DataException($"A number in {parameter} is out of range"),
        JsonValueKind.Array => value.EnumerateArray().Select(item => IsScalar(item) ? Value(item) : throw Shape()).ToList(),
        _ => throw Shape(),
    };

    private static bool IsScalar(JsonElement item) => item.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object);

    private DataException Shape() =>
        new($$"""{{parameter}} is {"field": value}, {"field": ["operator", value]} or [["field", "operator", value], ...]""");
}
