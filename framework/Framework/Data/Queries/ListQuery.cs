namespace Microservices.Data.Queries;

/// <summary>What a list asks for. The tenant and the caller's permissions are added by whoever runs it.</summary>
public sealed record ListQuery
{
    /// <summary>Rows of a page when nothing is said.</summary>
    public const int DefaultLimit = 20;

    /// <summary>Columns: names, <c>*</c> alone, <c>name as alias</c>, or an aggregate such as <c>sum(grand_total) as total</c>. The default is the name.</summary>
    public IReadOnlyList<string> Fields { get; init; } = ["name"];

    /// <summary>Conditions that must all hold.</summary>
    public IReadOnlyList<Filter> Filters { get; init; } = [];

    /// <summary>Conditions of which one must hold, when there are any.</summary>
    public IReadOnlyList<Filter> OrFilters { get; init; } = [];

    /// <summary>Conditions that the service sets for the caller; what is shared with the caller is listed without them.</summary>
    internal IReadOnlyList<Filter> PermissionConditions { get; init; } = [];

    /// <summary>Columns to group by, comma-separated. Empty: none.</summary>
    public string GroupBy { get; init; } = "";

    /// <summary>Columns or aliases with <c>asc</c> or <c>desc</c>, comma-separated. Empty: <c>modified desc, name</c>.</summary>
    public string OrderBy { get; init; } = "";

    /// <summary>Rows to leave out first.</summary>
    public int Offset { get; init; }

    /// <summary>Rows at most. The default is 20.</summary>
    public int Limit { get; init; } = DefaultLimit;
}
