using System.Globalization;
using Microservices.DocTypes;
using Microservices.Errors;

namespace Microservices.Data.Queries;

/// <summary>
/// Turns a filter into SQL. As in Frappe's v1 API a NULL counts as the empty value of its type, written so that an index on the
/// column still serves: <c>(x &lt;&gt; ? or x is null)</c> in place of a function around the column. In v2 it is SQL's NULL.
/// </summary>
internal static class Condition
{
    /// <exception cref="DataException">The field or the operator is unknown, or the value does not fit.</exception>
    /// <exception cref="PermissionException">The caller may not see the field.</exception>
    public static void Append(SqlText sql, QueryScope scope, Filter filter)
    {
        if (UserTags.Are(filter.Field))
        {
            UserTags.AppendCondition(sql, scope, filter);
        }
        else
        {
            Append(sql, scope, filter.IsOwn ? scope.Of(scope.Root, filter) : scope.Ask(filter.Field, filter.DocType), filter, scope.Rules);
        }
    }

    /// <summary>Appends a condition on a column, without asking whether the caller may see it.</summary>
    /// <exception cref="DataException">The operator is unknown, or the value does not fit.</exception>
    public static void Append(SqlText sql, QueryScope scope, ColumnRef column, Filter filter, ListRules rules)
    {
        var field = new Operand(column, rules);
        var today = scope.Today;
        var value = filter.Value;
        var comparison = filter.Operator.Trim().ToLowerInvariant();
        switch (comparison)
        {
            case "=":
                Compare(sql, field, "=", value);
                break;
            case "!=" or "<>":
                Compare(sql, field, "<>", value);
                break;
            case ">":
                Compare(sql, field, ">", value);
                break;
            case ">=" or "=>":
                Compare(sql, field, ">=", value);
                break;
            case "<":
                Compare(sql, field, "<", value);
                break;
            case "<=" or "=<":
                Compare(sql, field, "<=", value);
                break;
            case "like" or "ilike":
                // What is like nothing is empty.
                var pattern = TextOf(value, field);
                OrNull(sql, field, pattern.Length == 0, column => column.Append(" like ").Value(pattern));
                break;
            case "not like" or "not ilike":
                var unlike = TextOf(value, field);
                OrNull(sql, field, unlike.Trim('%').Length > 0, column => column.Append(" not like ").Value(unlike));
                break;
            case "in":
                In(sql, field, value, negated: false);
                break;
            case "not in":
                In(sql, field, value, negated: true);
                break;
            case "is":
                Is(sql, field, TextOf(value, field));
                break;
            case "between":
                Between(sql, field, value);
                break;
            case "timespan":
                var (from, to) = Timespans.Resolve(TextOf(value, field), today);
                Between(sql, field, new object[] { from, to });
                break;
            case "previous" or "next":
                var (first, last) = Timespans.Step(comparison, TextOf(value, field), today);
                Between(sql, field, new object[] { first, last });
                break;
            case "regex":
                var expression = RegexPattern.Check(TextOf(value, field));
                OrNull(sql, field, orNull: false, column => column.Append(" regexp ").Value(expression));
                break;
            case "ancestors of" or "not ancestors of" or "descendants of" or "not descendants of" or "descendants of (inclusive)" or "not descendants of (inclusive)":
                var negated = comparison.StartsWith("not ", StringComparison.Ordinal);
                TreeCondition.Append(sql, scope, field.Column, negated ? comparison[4..] : comparison, TextOf(value, field), negated);
                break;
            default:
                throw new DataException($"Unknown operator: {filter.Operator}");
        }
    }

    private static void Compare(SqlText sql, Operand field, string comparison, object? value)
    {
        if (Typed(value, field) is { } typed)
        {
            OrNull(sql, field, NullMatches(field, comparison, typed), column => column.Append(comparison).Value(typed));
            return;
        }

        // Compared with the empty value, which is kept as NULL and comes before all others; to SQL's rules it is only ever null.
        var counts = !field.IsSql || (value is null && comparison == "=");
        _ = comparison switch
        {
            "=" or "<=" when counts => Column(sql, field).Append(" is null"),
            ">=" when counts => sql.Append("1=1"),
            "<>" or ">" or ">=" => Column(sql, field).Append(" is not null"),
            _ => sql.Append("1=0"),
        };
    }

    /// <summary>Whether the empty value of a field compares so with a value that is not empty.</summary>
    private static bool NullMatches(Operand field, string comparison, object value)
    {
        if (field.Kind is ValueKind.Decimal)
        {
            var order = 0m.CompareTo((decimal)value);
            return comparison switch { "=" => order == 0, "<>" => order != 0, ">" => order > 0, ">=" => order >= 0, "<" => order < 0, _ => order <= 0 };
        }

        return comparison switch
        {
            "<>" => value is not TimeSpan { Ticks: 0 },
            "<" => value is not TimeSpan { Ticks: 0 },
            "<=" => true,
            ">=" => value is TimeSpan { Ticks: 0 },
            _ => false,
        };
    }

    private static void In(SqlText sql, Operand field, object? value, bool negated)
    {
        var values = ListOf(value);
        if (values.Count > ListQuery.MaxListValues)
        {
            throw new DataException($"A list of values holds at most {ListQuery.MaxListValues}; {field.Name} was given {values.Count}");
        }

        if (values.Count == 0)
        {
            values.Add(null);
        }

        var typed = values.ConvertAll(item => Typed(item, field));
        var present = typed.FindAll(item => item is not null);
        // NULL is the empty value: it is in the list exactly when the empty value is.
        var holdsEmpty = present.Count < typed.Count || present.Any(item => item is 0m);
        var nullMatches = holdsEmpty != negated;
        if (present.Count == 0)
        {
            _ = field.IsSql && !negated ? sql.Append("1=0") : Column(sql, field).Append(nullMatches ? " is null" : " is not null");
            return;
        }

        OrNull(sql, field, nullMatches, column =>
        {
            column.Append(negated ? " not in (" : " in (");
            for (var i = 0; i < present.Count; i++)
            {
                column.Append(i > 0 ? "," : "").Value(present[i]);
            }

            column.Append(")");
        });
    }

    private static void Is(SqlText sql, Operand field, string value)
    {
        var set = value.Trim().ToLowerInvariant() switch
        {
            "set" => true,
            "not set" => false,
            _ => throw new DataException($"'is' takes 'set' or 'not set' for {field.Name}, not '{value}'"),
        };
        Compare(sql, field, set ? "<>" : "=", null);
    }

    private static void Between(SqlText sql, Operand field, object? value)
    {
        if (ListOf(value) is not [var from, var to] || IsEmpty(from) || IsEmpty(to))
        {
            throw new DataException($"'between' takes two values for {field.Name}");
        }

        var (low, high) = (Typed(from, field), Typed(to, field));
        if (field.Kind is ValueKind.Datetime && high is DateTime last && (to is DateOnly || (to as string)?.Trim().Length == 10))
        {
            high = last.AddDays(1).AddMicroseconds(-1); // a bare date means the whole day
        }

        Column(sql, field).Append(" between ").Value(low).Append(" and ").Value(high);
    }

    private static SqlText Column(SqlText sql, Operand field) => field.Column.AppendTo(sql);

    private static void OrNull(SqlText sql, Operand field, bool orNull, Action<SqlText> condition)
    {
        orNull &= field.MayBeNull;
        condition(Column(sql.Append(orNull ? "(" : ""), field));
        if (orNull)
        {
            Column(sql.Append(" or "), field).Append(" is null)");
        }
    }

    /// <summary>The value as the field keeps it; null for the empty one, which among numbers is zero.</summary>
    private static object? Typed(object? value, Operand field)
    {
        RefuseList(value, field);
        return FieldValue.From(value, field.Field) ?? (field.Kind is ValueKind.Decimal ? 0m : null);
    }

    private static bool IsEmpty(object? value) => value is null or "";

    private static string TextOf(object? value, Operand field)
    {
        RefuseList(value, field);
        return value is bool flag ? (flag ? "1" : "0") : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
    }

    private static void RefuseList(object? value, Operand field)
    {
        if (value is not string and System.Collections.IEnumerable)
        {
            throw new DataException($"{field.Name} is compared with one value here, not with a list");
        }
    }

    private static List<object?> ListOf(object? value) => value switch
    {
        null => [],
        string text => [.. text.Split(',', StringSplitOptions.TrimEntries)],
        System.Collections.IEnumerable items => [.. items.Cast<object?>()],
        _ => [value],
    };

    /// <summary>The column of a condition, and what NULL means in it.</summary>
    private readonly record struct Operand(ColumnRef Column, ListRules Rules)
    {
        public DocField Field => Column.Field;

        public string Name => Field.Name;

        public ValueKind Kind => Field.Kind;

        public bool IsSql => Rules is ListRules.V2;

        /// <summary>Whether NULL counts as the empty value.</summary>
        public bool MayBeNull =>
            !IsSql && Name is not (StandardFields.Name or StandardFields.Creation or StandardFields.Modified) && !Field.Definition.Type.IsNeverNull;
    }
}
