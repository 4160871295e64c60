using System.Text.RegularExpressions;
using Microservices.Errors;
using Microservices.Data.Dialects;
using Microservices.DocTypes;

namespace Microservices.Data.Queries;

/// <summary>One term of the order or of the groups: a column, or something that the list computes.</summary>
/// <param name="Column">The column; null for what is computed.</param>
/// <param name="Computed">What is computed, when it is that.</param>
/// <param name="IsDescending">Its direction.</param>
internal readonly record struct OrderKey(ColumnRef? Column, SelectColumn? Computed, bool IsDescending)
{
    public void AppendTo(SqlText sql)
    {
        _ = Column is { } column ? column.AppendTo(sql) : sql.Name(Computed!.Alias);
        sql.Append(IsDescending ? " desc" : "");
    }

    // In GROUP BY MariaDB takes a name for a column of any table before it takes it for an alias.
    public void AppendGroup(SqlText sql, SqlDialect dialect)
    {
        if (Column is { } column)
        {
            column.AppendTo(sql);
        }
        else
        {
            Computed!.AppendExpression(sql, dialect);
        }
    }
}

/// <summary>Reads <c>order_by</c> and <c>group_by</c>: columns or aliases of the list, nothing else.</summary>
internal static partial class OrderKeys
{
    private const int MaxKeys = 20;

    /// <summary>The order of a list that asks for none.</summary>
    public static OrderKey[] Default(QueryScope scope) =>
    [
        new(new ColumnRef(scope.Root, scope.Root.DocType.Column(StandardFields.Modified)!), null, IsDescending: true),
        new(new ColumnRef(scope.Root, scope.Root.DocType.NameField), null, IsDescending: false),
    ];

    /// <summary>The terms of <c>order_by</c>, or of <c>group_by</c>, which has no directions.</summary>
    /// <exception cref="DataException">A term is not a column, or its direction is none.</exception>
    /// <exception cref="PermissionException">The caller may not read the column.</exception>
    public static OrderKey[] Parse(QueryScope scope, string terms, IReadOnlyList<SelectColumn> columns, bool allowDirection)
    {
        var texts = terms.Split(',', StringSplitOptions.TrimEntries);
        return texts.Length > MaxKeys
            ? throw new DataException($"A list is ordered or grouped by at most {MaxKeys} fields")
            : Array.ConvertAll(texts, text => Key(scope, text, columns, allowDirection));
    }

    private static OrderKey Key(QueryScope scope, string text, IReadOnlyList<SelectColumn> columns, bool allowDirection)
    {
        var match = Term().Match(text);
        var direction = match.Groups["direction"].Value;
        if (!match.Success || (direction.Length > 0 && !allowDirection))
        {
            throw new DataException($"Cannot order or group by: {text}");
        }

        var isDescending = allowDirection && (direction.Length > 0 ? direction.Equals("desc", StringComparison.OrdinalIgnoreCase) : scope.Rules is ListRules.V2);
        var name = match.Groups["name"].Value;
        if (int.TryParse(name, out var position))
        {
            return position >= 1 && position <= columns.Count
                ? columns[position - 1].ToKey(isDescending)
                : throw new DataException($"Cannot order or group by column {name}: the list has {columns.Count}");
        }

        var column = scope.Find(name);
        if (column is { CanAsk: false })
        {
            throw new PermissionException($"No permission to read field {name} of {scope.Root.DocType.Name}");
        }

        var alias = name.Trim('`');
        return columns.FirstOrDefault(column => column.Alias == alias) is { } selected
                ? !allowDirection && selected.IsAggregate ? throw new DataException($"Cannot group by {alias}, which is computed over a group") : selected.ToKey(isDescending)
            : column is not null ? new OrderKey(column, null, isDescending)
            : throw new DataException($"Field not permitted in query: {name}");
    }

    [GeneratedRegex(@"^(?<name>[\w`.]+|`tab[^`]{1,64}`\.`?\w{1,64}`?)(?:\s+(?<direction>asc|desc))?\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Term();
}
