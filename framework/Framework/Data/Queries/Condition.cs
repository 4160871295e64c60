using System.Collections;
using System.Globalization;
using Microservices.DocTypes;
using Microservices.Errors;

namespace Microservices.Data.Queries;

/// <summary>
/// Turns a filter into SQL. As in Frappe's v1 API a NULL counts as the empty value of its type, written so that an index on the
/// column still serves: <c>(x &lt;&gt; ? or x is null)</c> in place of a function around the column.
/// </summary>
internal static class Condition
{
    private const int MaxListValues = 1000;

    /// <exception cref="DataException">The field or the operator is unknown, or the value does not fit.</exception>
    public static void Append(SqlText sql, DocType docType, Filter filter, DateOnly today)
    {
        var field = docType.Column(filter.Field) ?? throw new DataException($"Field not permitted in query: {filter.Field}");
        var value = filter.Value;
        var comparison = filter.Operator.Trim().ToLowerInvariant();
        if (value is IEnumerable and not string && comparison is not ("in" or "not in" or "between"))
        {
            throw new DataException($"'{filter.Operator}' takes one value for {field.Name}, not a list");
        }

        switch (comparison)
        {
            case "=":
                Compare(sql, field, "=", value, orNull: IsEmpty(value));
                break;
            case "!=" or "<>":
                NotEqual(sql, field, value);
                break;
            case ">":
                Compare(sql, field, ">", value, orNull: false);
                break;
            case ">=" or "=>":
                Compare(sql, field, ">=", value, orNull: false);
                break;
            case "<":
                Compare(sql, field, "<", value, orNull: true);
                break;
            case "<=" or "=<":
                Compare(sql, field, "<=", value, orNull: true);
                break;
            case "like":
                Like(sql, field, "like", value, orNull: false);
                break;
            case "not like":
                Like(sql, field, "not like", value, orNull: true);
                break;
            case "in":
                In(sql, field, value, negated: false);
                break;
            case "not in":
                In(sql, field, value, negated: true);
                break;
            case "is":
                Is(sql, field, value);
                break;
            case "between":
                Between(sql, field, value);
                break;
            case "timespan":
                var (from, to) = Timespans.Resolve(TextOf(value), today);
                Between(sql, field, new object[] { from, to });
                break;
            default:
                throw new DataException($"Unknown operator: {filter.Operator}");
        }
    }

    private static void Compare(SqlText sql, DocField field, string comparison, object? value, bool orNull)
    {
        if (IsEmpty(value) && comparison == "=" && IsNullable(field))
        {
            Column(sql, field).Append(" is null"); // what is empty is kept as NULL
            return;
        }

        Nullable(sql, field, orNull, () => Column(sql, field).Append(comparison).Value(Value(value, field)));
    }

    private static void NotEqual(SqlText sql, DocField field, object? value)
    {
        if (IsEmpty(value) && IsNullable(field))
        {
            Column(sql, field).Append(" is not null");
            return;
        }

        Nullable(sql, field, orNull: true, () => Column(sql, field).Append("<>").Value(Value(value, field)));
    }

    private static void Like(SqlText sql, DocField field, string comparison, object? value, bool orNull) =>
        Nullable(sql, field, orNull, () => Column(sql, field).Append(" ").Append(comparison).Append(" ").Value(TextOf(value)));

    private static void In(SqlText sql, DocField field, object? value, bool negated)
    {
        var values = ListOf(value);
        if (values.Count > MaxListValues)
        {
            throw new DataException($"A list of values holds at most {MaxListValues}; {field.Name} was given {values.Count}");
        }

        var holdsEmpty = values.Count == 0 || values.Any(IsEmpty);
        var present = values.Where(item => !IsEmpty(item)).ToList();
        var nullable = IsNullable(field);
        if (!nullable && holdsEmpty)
        {
            present.Add(FieldValue.Empty(field) ?? "");
        }

        // NULL is the empty value: it is in the list exactly when an empty text is.
        var nullMatches = nullable && holdsEmpty != negated;
        if (present.Count == 0)
        {
            Column(sql, field).Append(nullMatches ? " is null" : " is not null");
            return;
        }

        Nullable(sql, field, nullMatches, () =>
        {
            Column(sql, field).Append(negated ? " not in (" : " in (");
            for (var i = 0; i < present.Count; i++)
            {
                sql.Append(i > 0 ? "," : "").Value(Value(present[i], field));
            }

            sql.Append(")");
        });
    }

    private static void Is(SqlText sql, DocField field, object? value)
    {
        var set = TextOf(value).Trim().ToLowerInvariant() switch
        {
            "set" => true,
            "not set" => false,
            _ => throw new DataException($"'is' takes 'set' or 'not set', not '{value}'"),
        };
        if (IsNullable(field))
        {
            Column(sql, field).Append(set ? " is not null" : " is null");
        }
        else
        {
            Column(sql, field).Append(set ? "<>" : "=").Value(FieldValue.Empty(field) ?? "");
        }
    }

    private static void Between(SqlText sql, DocField field, object? value)
    {
        if (ListOf(value) is not [var from, var to] || IsEmpty(from) || IsEmpty(to))
        {
            throw new DataException($"'between' takes two values for {field.Name}");
        }

        var (low, high) = (Value(from, field), Value(to, field));
        if (field.Kind is ValueKind.Datetime && high is DateTime last && (to is DateOnly || (to as string)?.Trim().Length == 10))
        {
            high = last.AddDays(1).AddMicroseconds(-1); // a bare date means the whole day
        }

        Column(sql, field).Append(" between ").Value(low).Append(" and ").Value(high);
    }

    private static SqlText Column(SqlText sql, DocField field) => sql.Name(field.Name);

    private static void Nullable(SqlText sql, DocField field, bool orNull, Action condition)
    {
        orNull &= IsNullable(field);
        sql.Append(orNull ? "(" : "");
        condition();
        if (orNull)
        {
            Column(sql.Append(" or "), field).Append(" is null)");
        }
    }

    private static object? Value(object? value, DocField field) => FieldValue.From(value, field) ?? "";

    private static bool IsNullable(DocField field) =>
        field.Name is not (StandardFields.Name or StandardFields.Creation or StandardFields.Modified) && !field.Definition.Type.IsNeverNull;

    private static bool IsEmpty(object? value) => value is null or "";

    private static string TextOf(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static List<object?> ListOf(object? value) => value switch
    {
        null => [],
        string text => [.. text.Split(',', StringSplitOptions.TrimEntries)],
        IEnumerable items => [.. items.Cast<object?>()],
        _ => [value],
    };
}
