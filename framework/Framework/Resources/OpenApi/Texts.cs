namespace Microservices.Resources.OpenApi;

/// <summary>The longer explanations of the document, in Markdown.</summary>
internal static class Texts
{
    public const string Service = """
        A multi-tenant service that speaks the Frappe REST API. Every request belongs to the tenant of its credentials; what another tenant has is answered as what does not exist.

        **Paths.** `/api/resource/Sales Order` (percent-encoded), `/api/resource/sales-order` and `/api/v1/resource/...` are the same resource.

        **Bodies** are JSON, or a form: its field `data` holds the JSON, or its fields are those of the document. A key `data` in JSON stands for the whole body. Keys that no field has are ignored unless the resource is strict.

        **Values.** Dates are `YYYY-MM-DD`, times `HH:MM:SS[.ffffff]`, date-times `YYYY-MM-DD HH:MM:SS[.ffffff]` in UTC. Decimals are exact numbers. A Check is 0 or 1. One document is answered without its empty values; rows of a list have them as null.

        **Versions.** `/api/v2/document/...` is the second API: empty values are answered as null, and errors have the shape `Error.v2`.

        **Errors** have one shape, `Error`, whatever the status. `X-Frappe-Request-Id` names the request; a well-formed one that is sent is kept.
        """;

    public const string Fields = """JSON list, a comma list, or `*`. An item is a field, `link_field.column` or `table_field.column`, each maybe with an alias (`name as id`); an aggregate, `count(name) as n`, also SUM, AVG, MIN, MAX; an object with a function, `{"SUM":{"MUL":["qty","rate"]},"as":"total"}`; or child rows, `{"items":["item_code","qty"]}`.""";

    public const string Filters = """JSON: `{"field": value}`, `{"field": ["operator", value]}` or `[["field", "operator", value], ...]`. Operators: = != > < >= <= like, not like, in, not in, is (`set` or `not set`), between, timespan, previous, next, regex, ilike, and on trees ancestors of, descendants of, descendants of (inclusive), each with not before it. A field may be `link_field.column` or `table_field.column`. Empty values count as the empty value of their type. A field name as a query key is a filter of equality.""";

    public const string FiltersV2 = """JSON, as in the first API; also `[["field", value]]`, objects in lists, a name or a list of names, and `[condition, "and", condition, "or", [...]]`, from left to right. Empty values compare as in SQL.""";

    public const string OrderByV2 = "Fields or aliases with `asc` or `desc`, comma-separated; without a direction it descends. The default is `modified desc, name`.";

    public const string OrFilters = "As `filters`; one of these conditions must hold.";

    public const string OrderBy = "Fields or aliases with `asc` or `desc`, comma-separated. The default is `modified desc, name`.";

    public const string GroupBy = "Fields or aliases, comma-separated.";

    public const string AsDict = "`0` or `false` answers each row as an array of the values of `fields`, in place of an object.";

    public const string Cursor = "Empty for the first page; then the `next_cursor` of the page before, which is null on the last one. Costs the same however deep in the list.";

    public const string WithTotal = "Adds `total`, the number of rows that the caller may see, and `total_capped` when counting stopped at its limit.";

    public const string Expand = "JSON list or comma list of links among `fields`, each replaced by the linked document as far as the caller may read it.";

    public const string Format = "`csv` answers a CSV file, as `Accept: text/csv` does; it needs the right to export.";

    public const string Debug = "Adds the statement, without its values, where the service runs for developers.";

    public const string Name = "The document's name, percent-encoded; a slash in it is `%2F`.";

    public const string HasNextPage = "Whether there are more rows. Told when more was asked for than one page holds.";

    public const string NextCursor = "Where the next page begins, when `cursor` was given; null on the last page.";

    public const string Capped = "True when counting stopped at its limit: there are more.";

    public const string FormData = "The body as JSON text. Without it, the fields of the form are those of the document.";

    public const string Methods = "Methods of this service, also at `/api/v1/method/...`, and as the parameter `cmd` of `/`.";

    public const string SharedMethods = "Frappe's own methods, which every service answers for its DocTypes.";

    public const string CustomHandler = "Answered by a handler of the service's own.";
}
