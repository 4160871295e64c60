namespace Microservices.Resources.OpenApi;

/// <summary>The longer explanations of the document, in Markdown.</summary>
internal static class Texts
{
    public const string Service = """
        A multi-tenant service that speaks the Frappe REST API. Every request belongs to the tenant of its credentials; what another tenant has is answered as what does not exist.

        **Paths.** `/api/resource/Sales Order` (percent-encoded), `/api/resource/sales-order` and `/api/v1/resource/...` are the same resource.

        **Bodies** are JSON, or a form: its field `data` holds the JSON, or its fields are those of the document. A key `data` in JSON stands for the whole body. Keys that no field has are ignored unless the resource is strict.

        **Values.** Dates are `YYYY-MM-DD`, times `HH:MM:SS[.ffffff]`, date-times `YYYY-MM-DD HH:MM:SS[.ffffff]` in UTC. Decimals are exact numbers. A Check is 0 or 1. One document is answered without its empty values; rows of a list have them as null.

        **Errors** have one shape, `Error`, whatever the status. `X-Frappe-Request-Id` names the request; a well-formed one that is sent is kept.
        """;

    public const string Fields = """JSON list of field names, a comma list, or `*`. An item may have an alias (`name as id`) or be an aggregate: `count(name) as n`, `{"COUNT":"name","as":"n"}`, also SUM, AVG, MIN, MAX.""";

    public const string Filters = """JSON: `{"field": value}`, `{"field": ["operator", value]}` or `[["field", "operator", value], ...]`. Operators: = != > < >= <= like, not like, in, not in, is (`set` or `not set`), between, timespan. Empty values count as the empty value of their type. A field name as a query key is a filter of equality.""";

    public const string OrFilters = "As `filters`; one of these conditions must hold.";

    public const string OrderBy = "Fields or aliases with `asc` or `desc`, comma-separated. The default is `modified desc, name`.";

    public const string GroupBy = "Fields or aliases, comma-separated.";

    public const string AsDict = "`0` or `false` answers each row as an array of the values of `fields`, in place of an object.";

    public const string Name = "The document's name, percent-encoded; a slash in it is `%2F`.";

    public const string HasNextPage = "Whether there are more rows. Told when more was asked for than one page holds.";

    public const string FormData = "The body as JSON text. Without it, the fields of the form are those of the document.";

    public const string CustomHandler = "Answered by a handler of the service's own.";
}
