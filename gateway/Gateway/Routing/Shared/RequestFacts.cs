using System.Text.Json;

namespace Gateway.Routing.Shared;

/// <summary>
/// What a request says by name: its parameters, and what documents and filters inside them say. The keys are paths: <c>doctype</c>, <c>doc.doctype</c>,
/// <c>filters.ref_doctype</c>. Of a list of documents the first one counts.
/// </summary>
internal sealed class RequestFacts
{
    private const int MaxDepth = 3;
    private const int MaxTextLength = 1000;

    private readonly Dictionary<string, string> _facts = new(StringComparer.Ordinal);

    /// <summary>The first of some facts that is told; empty when none is.</summary>
    public string First(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (_facts.TryGetValue(key, out var value))
            {
                return value;
            }
        }

        return "";
    }

    /// <summary>Takes a parameter that came as text, which may hold JSON. A later one of the same name takes its place.</summary>
    public void Set(string name, string text)
    {
        var content = text.AsSpan().TrimStart();
        if (content is ['{' or '[', ..] && TryParse(text) is { } json)
        {
            using (json)
            {
                Add(name, json.RootElement, depth: 1);
            }
        }
        else if (text.Length is > 0 and <= MaxTextLength)
        {
            _facts[name] = text;
        }
    }

    /// <summary>Takes the parameters of a JSON body.</summary>
    public void Set(JsonElement body)
    {
        if (body.ValueKind is JsonValueKind.Object)
        {
            foreach (var property in body.EnumerateObject())
            {
                Add(property.Name, property.Value, depth: 1);
            }
        }
        else
        {
            Add("data", body, depth: 1);
        }
    }

    private void Add(string path, JsonElement value, int depth)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String when depth == 1:
                Set(path, value.GetString()!);
                break;
            case JsonValueKind.String when value.GetString() is { Length: > 0 and <= MaxTextLength } text:
                _facts[path] = text;
                break;
            case JsonValueKind.Object when depth < MaxDepth:
                foreach (var property in value.EnumerateObject())
                {
                    Add($"{path}.{property.Name}", property.Value, depth + 1);
                }

                break;
            case JsonValueKind.Array when path.EndsWith("filters", StringComparison.Ordinal):
                AddFilters(path, value);
                break;
            // {"ref_doctype": ["=", "Sales Order"]}
            case JsonValueKind.Array when path.Contains("filters.", StringComparison.Ordinal) && IsEquality(value, 0):
                _facts[path] = value[1].GetString()!;
                break;
            case JsonValueKind.Array when depth < MaxDepth && value.GetArrayLength() > 0 && value[0].ValueKind is JsonValueKind.Object:
                Add(path, value[0], depth + 1);
                break;
            default:
                break;
        }
    }

    // [["ref_doctype", "=", "Sales Order"]], with the DocType in front or not.
    private void AddFilters(string path, JsonElement filters)
    {
        foreach (var filter in filters.EnumerateArray().Where(filter => filter.ValueKind is JsonValueKind.Array))
        {
            for (var start = 0; start <= 1; start++)
            {
                if (filter.GetArrayLength() > start && filter[start].ValueKind is JsonValueKind.String && IsEquality(filter, start + 1))
                {
                    _facts[$"{path}.{filter[start].GetString()}"] = filter[start + 2].GetString()!;
                }
            }
        }
    }

    private static bool IsEquality(JsonElement list, int start) =>
        list.GetArrayLength() > start + 1 && list[start].ValueKind is JsonValueKind.String && list[start].GetString() == "="
        && list[start + 1].ValueKind is JsonValueKind.String && list[start + 1].GetString()!.Length is > 0 and <= MaxTextLength;

    private static JsonDocument? TryParse(string text)
    {
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException)
        {
            return null; // the service says what is wrong with it
        }
    }
}
