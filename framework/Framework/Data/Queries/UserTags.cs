using Microservices.Data.Dialects;
using Microservices.DocTypes;
using Microservices.Errors;

namespace Microservices.Data.Queries;

/// <summary>
/// <c>_user_tags</c>, which Frappe has as a column: the tags of a document, for a list that names it in its fields or filters. No table holds it, so a list that
/// does not ask pays nothing. Who may read a document sees its tags.
/// </summary>
internal sealed class UserTags(QueryScope scope) : SqlExpression
{
    public const string Name = "_user_tags";

    private const string Table = "tabTag Link";

    public override ValueKind Kind => ValueKind.LongText;

    public override string Label => Name;

    public override bool CanAsk => MaySee(scope);

    /// <summary>Whether a field is the tags.</summary>
    public static bool Are(string field) => field.AsSpan().Trim().Trim('`').SequenceEqual(Name);

    /// <summary>The tags in the order they were put on, joined by commas.</summary>
    public override void AppendTo(SqlText sql, SqlDialect dialect)
    {
        var (before, after) = dialect.Joined("x.`tag`", "x.`creation`,x.`name`");
        AppendFrom(sql.Append("(").Append(before)).Append(" and x.`document_name`=").Column(scope.Root.Alias, StandardFields.Name).Append(after).Append(")");
    }

    /// <summary>Appends a condition on a document's tags: that it has one that the filter describes, or none.</summary>
    /// <exception cref="DataException">The operator is none for tags.</exception>
    /// <exception cref="PermissionException">The caller may not read the documents.</exception>
    public static void AppendCondition(SqlText sql, QueryScope scope, Filter filter)
    {
        if (!MaySee(scope))
        {
            throw new PermissionException($"No permission to read field {Name} of {scope.Root.DocType.Name}");
        }

        if (filter.DocType.Length > 0 && filter.DocType != scope.Root.DocType.Name)
        {
            throw new DataException($"{Name} is of {scope.Root.DocType.Name}, not of {filter.DocType}");
        }

        if (filter.Value is System.Collections.IEnumerable and not string)
        {
            throw new DataException($"{Name} takes one value, not a list or an object");
        }

        var comparison = filter.Operator.Trim().ToLowerInvariant();
        var value = filter.Value?.ToString() ?? "";
        var (isNegated, described) = (comparison, value.Trim().ToLowerInvariant()) switch
        {
            ("like" or "ilike", _) => (false, "x.`tag` like "),
            ("not like" or "not ilike", _) => (true, "x.`tag` like "),
            ("=", not "") => (false, "x.`tag`="),
            ("!=" or "<>", not "") => (true, "x.`tag`="),
            ("=", _) or ("is", "not set") => (true, ""),
            ("!=" or "<>", _) or ("is", "set") => (false, ""),
            _ => throw new DataException($"{Name} does not take the operator {filter.Operator}"),
        };
        sql.Column(scope.Root.Alias, StandardFields.Name).Append(isNegated ? " not in " : " in ").Append("(select x.`document_name`");
        new UserTags(scope).AppendFrom(sql);
        _ = described.Length > 0 ? sql.Append(" and ").Append(described).Value(value) : sql;
        sql.Append(")");
    }

    private static bool MaySee(QueryScope scope) =>
        !scope.Root.DocType.Definition.IsTable && (scope.Root.Access is null || scope.Root.Right is Rights.Read);

    private SqlText AppendFrom(SqlText sql) =>
        sql.Append(" from ").Name(Table).Append(" x where x.`tenant_id`=").Value(scope.TenantId).Append(" and x.`document_type`=").Value(scope.Root.DocType.Name);
}
