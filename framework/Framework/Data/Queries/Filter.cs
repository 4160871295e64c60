namespace Microservices.Data.Queries;

/// <summary>One condition of a list.</summary>
/// <param name="Field">A column of the DocType.</param>
/// <param name="Operator">One of Frappe's operators, such as <c>=</c>, <c>like</c>, <c>in</c>, <c>between</c> or <c>is</c>; case does not matter.</param>
/// <param name="Value">Text, number, date, or a list for <c>in</c>, <c>not in</c> and <c>between</c>; null compares with nothing.</param>
public sealed record Filter(string Field, string Operator, object? Value)
{
    /// <summary>A condition of equality.</summary>
    public Filter(string field, object? value) : this(field, "=", value) { }
}
