using System.Globalization;
using System.Text.Json;
using Microservices.Data.Queries;
using Microservices.DocTypes;
using Microservices.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Microservices.Resources;

/// <summary>The parameters of a v1 list: what Frappe takes, in each of its spellings; anything else is refused by its name.</summary>
internal sealed class ListRequest
{
    private static readonly string[] s_limit = ["limit_page_length", "limit"];
    private static readonly string[] s_offset = ["limit_start", "start", "offset"];

    private ListRequest(ListQuery query, bool asDict, bool isCapped) => (Query, AsDict, IsCapped) = (query, asDict, isCapped);

    /// <summary>What to list.</summary>
    public ListQuery Query { get; }

    /// <summary>Whether rows are objects; arrays otherwise.</summary>
    public bool AsDict { get; }

    /// <summary>Whether the caller asked for more rows than a page may have, so that the answer says whether there are more.</summary>
    public bool IsCapped { get; }

    /// <exception cref="DataException">A parameter is unknown or is not what it should be.</exception>
    public static ListRequest Parse(DocType docType, IQueryCollection parameters, int maxPageSize)
    {
        IReadOnlyList<string> fields = ["name"];
        List<Filter> filters = [];
        List<Filter> orFilters = [];
        var (orderBy, groupBy, asDict) = ("", "", true);
        foreach (var (key, values) in parameters)
        {
            var value = values.Count > 0 ? values[0] ?? "" : "";
            switch (key)
            {
                case "fields":
                    fields = ParseFields(value);
                    break;
                case "filters":
                    FilterParser.Parse(docType, value, "filters", filters);
                    break;
                case "or_filters":
                    FilterParser.Parse(docType, value, "or_filters", orFilters);
                    break;
                case "order_by":
                    orderBy = value.Trim();
                    break;
                case "group_by":
                    groupBy = value.Trim();
                    break;
                case "as_dict":
                    asDict = value.ToLowerInvariant() switch { "true" or "1" or "" => true, "false" or "0" => false, _ => throw new DataException("as_dict is true or false") };
                    break;
                case "debug" or "_" or "limit_page_length" or "limit" or "limit_start" or "start" or "offset":
                    break;
                default:
                    filters.Add(new Filter((docType.Column(key) ?? throw new DataException($"Unknown parameter: {key}")).Name, value));
                    break;
            }
        }

        var asked = Number(parameters, s_limit, ListQuery.DefaultLimit);
        var limit = asked == 0 ? maxPageSize : Math.Min(asked, maxPageSize);
        return new ListRequest(
            new ListQuery
            {
                Fields = fields,
                Filters = filters,
                OrFilters = orFilters,
                OrderBy = orderBy,
                GroupBy = groupBy,
                Limit = limit,
                Offset = Number(parameters, s_offset, 0),
            },
            asDict,
            isCapped: asked == 0 || asked > maxPageSize);
    }

    private static int Number(IQueryCollection parameters, string[] names, int unset)
    {
        foreach (var name in names)
        {
            if (parameters.TryGetValue(name, out var value) && !StringValues.IsNullOrEmpty(value))
            {
                return int.TryParse(value[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    ? number
                    : throw new DataException($"{name} is a whole number from 0 to {int.MaxValue}");
            }
        }

        return unset;
    }

    private static IReadOnlyList<string> ParseFields(string value)
    {
        value = value.Trim();
        if (value.Length == 0)
        {
            return ["name"];
        }

        if (value[0] is not ('[' or '"'))
        {
            return value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        }

        using var json = RequestBody.Parse(value, "fields");
        return json.RootElement.ValueKind switch
        {
            JsonValueKind.String => [json.RootElement.GetString()!],
            JsonValueKind.Array when json.RootElement.GetArrayLength() == 0 => ["name"],
            JsonValueKind.Array => [.. json.RootElement.EnumerateArray().Select(Field)],
            _ => throw new DataException("fields is a list of field names"),
        };
    }

    // {"COUNT":"name","as":"n"} says the same as "count(name) as n".
    private static string Field(JsonElement item)
    {
        if (item.ValueKind is JsonValueKind.String)
        {
            return item.GetString()!;
        }

        if (item.ValueKind is JsonValueKind.Object)
        {
            var alias = item.TryGetProperty("as", out var name) && name.ValueKind is JsonValueKind.String ? $" as {name.GetString()}" : "";
            foreach (var property in item.EnumerateObject())
            {
                if (property.Name != "as" && property.Value.ValueKind is JsonValueKind.String)
                {
                    return $"{property.Name}({property.Value.GetString()}){alias}";
                }
            }
        }

        throw new DataException("fields is a list of field names");
    }
}
