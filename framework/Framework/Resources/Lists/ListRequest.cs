using System.Globalization;
using System.Text.Json;
using Microservices.Data.Queries;
using Microservices.DocTypes;
using Microservices.Errors;
using Microsoft.Extensions.Primitives;

namespace Microservices.Resources.Lists;

/// <summary>The parameters of a list: what Frappe takes, in each of its spellings; anything else is refused by its name.</summary>
internal sealed class ListRequest
{
    private static readonly string[] s_limit = ["limit_page_length", "limit"];
    private static readonly string[] s_offset = ["limit_start", "start", "offset"];
    private static readonly string[] s_limitV2 = ["limit"];
    private static readonly string[] s_offsetV2 = ["start"];

    private ListRequest(ListQuery query) => Query = query;

    /// <summary>What to list.</summary>
    public ListQuery Query { get; private init; }

    /// <summary>Whether rows are objects; arrays otherwise.</summary>
    public bool AsDict { get; private init; }

    /// <summary>Whether the caller asked for more rows than a page may have.</summary>
    public bool IsCapped { get; private init; }

    /// <summary>Whether the caller said how many rows.</summary>
    public bool HasLimit { get; private init; }

    /// <summary>Whether the rows are counted too.</summary>
    public bool WithTotal { get; private init; }

    /// <summary>Whether the statement is told, where the service allows it.</summary>
    public bool Debug { get; private init; }

    /// <summary>Link fields whose value is replaced by the linked document.</summary>
    public IReadOnlyList<string> Expand { get; private init; } = [];

    /// <summary><c>csv</c>, <c>json</c>, or empty for what the Accept header says.</summary>
    public string Format { get; private init; } = "";

    /// <summary>Whether the answer tells if there are more rows, so that one more is read.</summary>
    public bool LooksAhead => IsCapped || Query.Cursor is not null || Query.Rules is ListRules.V2;

    /// <summary>The same for at most so many rows.</summary>
    public ListRequest Capped(int limit) => Query.Limit <= limit ? this : With(Query with { Limit = limit }, isCapped: true);

    /// <summary>The same for exactly so many rows.</summary>
    public ListRequest WithLimit(int limit) => With(Query with { Limit = limit }, IsCapped);

    /// <param name="docType">What is listed.</param>
    /// <param name="parameters">Names and values; of a value given twice the first counts. Objects and lists are JSON text.</param>
    /// <param name="maxRows">Most rows of a page for this caller.</param>
    /// <param name="rules">Which API is asked.</param>
    /// <exception cref="DataException">A parameter is unknown or is not what it should be.</exception>
    public static ListRequest Parse(DocType docType, IEnumerable<KeyValuePair<string, StringValues>> parameters, int maxRows, ListRules rules)
    {
        var isV2 = rules is ListRules.V2;
        var (fields, filterText) = ("", "");
        var filters = new FilterParser(docType, "filters", rules);
        List<Filter> orFilters = [];
        List<Filter>? columns = null;
        var (orderBy, groupBy, asDict, debug, withTotal, parent, format) = ("", "", true, false, false, "", "");
        string? cursor = null;
        IReadOnlyList<string> expand = [];
        foreach (var (key, values) in parameters)
        {
            var value = values.Count > 0 ? values[0] ?? "" : "";
            switch (key)
            {
                case "fields":
                    fields = value.Trim();
                    break;
                case "filters":
                    filterText = value;
                    break;
                case "or_filters":
                    orFilters = OrFilters(new FilterParser(docType, key, rules).Read(value));
                    break;
                case "order_by":
                    orderBy = value.Trim();
                    break;
                case "group_by":
                    groupBy = value.Trim();
                    break;
                case "as_dict":
                    asDict = isV2 || Flag(key, value, unset: true); // the second API knows JSON's false only, which no query string can hold
                    break;
                case "debug":
                    debug = Flag(key, value, unset: false);
                    break;
                case "with_total":
                    withTotal = Flag(key, value, unset: false);
                    break;
                case "include" when isV2:
                    withTotal = value is "count" ? true : value.Length == 0 ? false : throw new DataException($"include is count, not {value}");
                    break;
                case "cursor":
                    cursor = value;
                    break;
                case "expand":
                    expand = value.Trim().Length == 0 ? [] : FieldNames(value.Trim(), key);
                    break;
                case "format":
                    format = value is "csv" or "json" or "" ? value : throw new DataException("format is csv or json");
                    break;
                case "parent" when docType.Definition.IsTable:
                    parent = value;
                    break;
                case "_" or "limit_page_length" or "limit" or "limit_start" or "start" or "offset":
                    break;
                default:
                    (columns ??= []).Add(new Filter((docType.Column(key) ?? throw new DataException($"Unknown parameter: {key}")).Name, value));
                    break;
            }
        }

        if (AreSwapped(fields, filterText))
        {
            (fields, filterText) = (filterText.Trim(), fields);
        }

        filters.Read(filterText);
        var asked = Number(parameters, isV2 ? s_limitV2 : s_limit);
        var limit = asked ?? ListQuery.DefaultLimit;
        return new ListRequest(new ListQuery
        {
            Fields = fields.Length == 0 ? ["name"] : FieldNames(fields, "fields"),
            Filters = columns is null ? filters.Filters : [.. filters.Filters, .. columns],
            OrFilters = orFilters,
            Where = filters.Where,
            OrderBy = orderBy,
            GroupBy = groupBy,
            Limit = limit == 0 && !isV2 ? maxRows : Math.Min(limit, maxRows),
            Offset = Number(parameters, isV2 ? s_offsetV2 : s_offset) ?? 0,
            Cursor = cursor,
            Parent = parent,
            Rules = rules,
        })
        {
            AsDict = asDict,
            IsCapped = (limit == 0 && !isV2) || limit > maxRows,
            HasLimit = asked is not (null or 0),
            WithTotal = withTotal,
            Debug = debug,
            Expand = expand,
            Format = format,
        };
    }

    private ListRequest With(ListQuery query, bool isCapped) => new(query)
    {
        AsDict = AsDict,
        IsCapped = isCapped,
        HasLimit = HasLimit,
        WithTotal = WithTotal,
        Debug = Debug,
        Expand = Expand,
        Format = Format,
    };

    // Frappe's callers mix the two up, and Frappe sorts it out.
    private static bool AreSwapped(string fields, string filters) =>
        (fields.StartsWith('{') || fields.StartsWith("[[", StringComparison.Ordinal)) && filters.AsSpan().TrimStart().StartsWith("[\"", StringComparison.Ordinal);

    private static List<Filter> OrFilters(FilterParser parsed) =>
        parsed.Where is null ? parsed.Filters : throw new DataException("or_filters are conditions without 'and' and 'or' between them");

    private static bool Flag(string name, string value, bool unset) => value.ToUpperInvariant() switch
    {
        "" => unset,
        "TRUE" or "1" => true,
        "FALSE" or "0" => false,
        _ => throw new DataException($"{name} is true or false"),
    };

    /// <summary>A parameter that is a whole number; 0 when it is not there.</summary>
    /// <exception cref="DataException">It is something else.</exception>
    public static int WholeNumber(IEnumerable<KeyValuePair<string, StringValues>> parameters, string name) => Number(parameters, [name]) ?? 0;

    private static int? Number(IEnumerable<KeyValuePair<string, StringValues>> parameters, string[] names)
    {
        foreach (var name in names)
        {
            foreach (var (key, value) in parameters)
            {
                if (key == name && !StringValues.IsNullOrEmpty(value))
                {
                    return int.TryParse(value[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                        ? number
                        : throw new DataException($"{name} is a whole number from 0 to {int.MaxValue}");
                }
            }
        }

        return null;
    }

    private static IReadOnlyList<string> FieldNames(string value, string parameter)
    {
        if (value[0] is not ('[' or '"' or '{'))
        {
            // Only a whole JSON value has been checked to be text.
            return value.Contains('{', StringComparison.Ordinal)
                ? throw new DataException($"Field not permitted in query: {value}")
                : value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        }

        using var json = RequestBody.Parse(value, parameter);
        return json.RootElement.ValueKind switch
        {
            JsonValueKind.String => [json.RootElement.GetString()!],
            JsonValueKind.Array when json.RootElement.GetArrayLength() == 0 => ["name"],
            JsonValueKind.Array => [.. json.RootElement.EnumerateArray().Select(Item)],
            _ => throw new DataException($"{parameter} is a list of field names"),
        };

        string Item(JsonElement item) => item.ValueKind switch
        {
            JsonValueKind.String => item.GetString()!,
            JsonValueKind.Object when parameter == "fields" => item.GetRawText(),
            _ => throw new DataException($"{parameter} is a list of field names"),
        };
    }
}
