using System.Collections.Frozen;

namespace Microservices.Data.Queries;

/// <summary>Whose rules a list follows where Frappe's two APIs differ.</summary>
public enum ListRules
{
    /// <summary>NULL counts as the empty value of its type; unknown fields are refused; a sort term without a direction ascends.</summary>
    V1,

    /// <summary>NULL is SQL's; unknown fields are left out of the answer, and refused as forbidden in conditions; a sort term without a direction descends.</summary>
    V2,
}

/// <summary>What a list asks for. The tenant and the caller's permissions are added by whoever runs it.</summary>
public sealed record ListQuery
{
    /// <summary>Values that a list for <c>in</c> holds at most.</summary>
    internal const int MaxListValues = 1000;

    /// <summary>Rows of a page when nothing is said.</summary>
    public const int DefaultLimit = 20;

    /// <summary>
    /// Columns: names, <c>*</c> alone, <c>link_field.column</c>, <c>table_field.column</c>, each with <c>as alias</c>; an aggregate such as
    /// <c>sum(grand_total) as total</c>; or the JSON text of an object, such as <c>{"SUM":"grand_total","as":"total"}</c> and
    /// <c>{"items":["item_code","qty"]}</c>. The default is the name.
    /// </summary>
    public IReadOnlyList<string> Fields { get; init; } = ["name"];

    /// <summary>Conditions that must all hold.</summary>
    public IReadOnlyList<Filter> Filters { get; init; } = [];

    /// <summary>Conditions of which one must hold, when there are any.</summary>
    public IReadOnlyList<Filter> OrFilters { get; init; } = [];

    /// <summary>Conditions that the service sets for the caller, by DocType; what is shared with the caller is listed without them.</summary>
    internal FrozenDictionary<string, IReadOnlyList<Filter>> PermissionConditions { get; init; } = FrozenDictionary<string, IReadOnlyList<Filter>>.Empty;
    /// <summary>A combination of conditions that must hold beside the others. Null: none.</summary>
    public FilterExpression? Where { get; init; }

    /// <summary>Columns to group by, comma-separated. Empty: none.</summary>
    public string GroupBy { get; init; } = "";

    /// <summary>Columns or aliases with <c>asc</c> or <c>desc</c>, comma-separated. Empty: <c>modified desc, name</c>.</summary>
    public string OrderBy { get; init; } = "";

    /// <summary>Rows to leave out first.</summary>
    public int Offset { get; init; }

    /// <summary>Rows at most. The default is 20.</summary>
    public int Limit { get; init; } = DefaultLimit;

    /// <summary>Where to go on: the cursor of an earlier page, empty text for the first one. Null: no cursors.</summary>
    public string? Cursor { get; init; }

    /// <summary>For rows of a child DocType: the DocType of their documents, whose permissions apply. Empty: none.</summary>
    public string Parent { get; init; } = "";

    /// <summary>Whose rules apply. The default is <see cref="ListRules.V1"/>.</summary>
    public ListRules Rules { get; init; }

    /// <summary>Whether any part of the query may hold one of some texts: JSON spells them in many ways, and all but one have a backslash.</summary>
    internal bool Names(params ReadOnlySpan<string> texts)
    {
        foreach (var text in texts)
        {
            if (Fields.Any(field => Has(field, text)) || Has(OrderBy, text) || Has(GroupBy, text) || AllFilters.Any(filter => Has(filter.Field, text)))
            {
                return true;
            }
        }

        return false;

        static bool Has(string part, string text) => part.Contains(text, StringComparison.Ordinal) || part.Contains('\\', StringComparison.Ordinal);
    }

    /// <summary>Whether a condition holds a pattern that the database may refuse.</summary>
    internal bool HasPatterns => AllFilters.Any(filter => filter.Operator.Contains("regex", StringComparison.OrdinalIgnoreCase));

    /// <summary>Every condition of the caller's.</summary>
    internal IEnumerable<Filter> AllFilters => Where is null ? Filters.Concat(OrFilters) : Filters.Concat(OrFilters).Concat(Where.Conditions);
}
