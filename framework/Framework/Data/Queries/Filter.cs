namespace Microservices.Data.Queries;

/// <summary>One condition of a list.</summary>
/// <param name="Field">A column of the DocType, or <c>table_field.column</c> or <c>link_field.column</c>.</param>
/// <param name="Operator">One of Frappe's operators, such as <c>=</c>, <c>like</c>, <c>in</c>, <c>between</c> or <c>is</c>; case does not matter.</param>
/// <param name="Value">Text, number, date, or a list for <c>in</c>, <c>not in</c> and <c>between</c>; null compares with nothing.</param>
public sealed record Filter(string Field, string Operator, object? Value)
{
    /// <summary>A condition of equality.</summary>
    public Filter(string field, object? value) : this(field, "=", value) { }

    /// <summary>Whose column it is: a child DocType of the listed one. Empty: the listed one's.</summary>
    public string DocType { get; init; } = "";

    /// <summary>Whether the framework sets it, so that it holds whether or not the caller may see the field.</summary>
    internal bool IsOwn { get; init; }
}

/// <summary>Conditions joined by and and or: either one condition, or two expressions.</summary>
public sealed record FilterExpression
{
    /// <summary>One condition.</summary>
    public FilterExpression(Filter condition) => Condition = condition;

    /// <summary>Two expressions, of which both or one must hold.</summary>
    public FilterExpression(FilterExpression left, bool isOr, FilterExpression right) => (Left, IsOr, Right) = (left, isOr, right);

    /// <summary>The one condition; null for two expressions.</summary>
    public Filter? Condition { get; }

    /// <summary>The first of two.</summary>
    public FilterExpression? Left { get; }

    /// <summary>Whether one of the two is enough.</summary>
    public bool IsOr { get; }

    /// <summary>The second of two.</summary>
    public FilterExpression? Right { get; }

    /// <summary>Every condition in it.</summary>
    internal IEnumerable<Filter> Conditions => Condition is { } condition ? [condition] : Left!.Conditions.Concat(Right!.Conditions);
}
