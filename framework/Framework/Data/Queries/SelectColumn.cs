using System.Text.Json;
using Microservices.Data.Dialects;
using Microservices.DocTypes;
using Microservices.Errors;

namespace Microservices.Data.Queries;

/// <summary>One column of a list's answer: what is selected, what it is called, and how its value is read.</summary>
internal sealed class SelectColumn
{
    private readonly SqlExpression? _expression;
    private readonly ColumnRef? _column;

    /// <summary>A column of a table.</summary>
    public SelectColumn(ColumnRef column, string alias)
    {
        (_column, Alias, Kind) = (column, alias, column.Field.Kind);
        JsonName = alias == column.Field.Name ? column.Field.JsonName : JsonEncodedText.Encode(alias);
    }

    /// <summary>Something computed.</summary>
    public SelectColumn(SqlExpression expression, string alias)
    {
        (_expression, Alias, Kind) = (expression, alias, expression.Kind);
        JsonName = JsonEncodedText.Encode(alias);
    }

    /// <summary>The column of the table; null for what is computed.</summary>
    public DocField? Field => _column?.Field;

    /// <summary>Whether it is the same column of the same table as another.</summary>
    public bool IsSameAs(SelectColumn other) => _column is not null && _column == other._column;

    /// <summary>Whether it is computed over many rows.</summary>
    public bool IsAggregate => _expression?.IsAggregate ?? false;

    /// <summary>Whether it is computed.</summary>
    public bool IsComputed => _expression is not null;

    /// <summary>Whether asterisks are shown in place of the value.</summary>
    public bool IsSecret => Field?.Definition.Type is FieldType.Password;

    /// <summary>Key in the answer.</summary>
    public string Alias { get; }

    /// <summary>The key, encoded.</summary>
    public JsonEncodedText JsonName { get; }

    /// <summary>How the value is read.</summary>
    public ValueKind Kind { get; }

    /// <summary>The same as a term of an order or a group.</summary>
    /// <exception cref="DataException">It is the tags.</exception>
    /// <exception cref="PermissionException">It is shown as asterisks, and its order would tell of it.</exception>
    public OrderKey ToKey(bool isDescending) =>
        _expression is UserTags ? throw new DataException($"Cannot order or group by: {Alias}")
        : _column is not { } column ? new OrderKey(null, this, isDescending)
        : column.CanAsk ? new OrderKey(column, null, isDescending)
        : throw new PermissionException($"No permission to read field {column.Field.Name}");

    /// <summary>Appends what is computed, without its alias.</summary>
    public void AppendExpression(SqlText sql, SqlDialect dialect) => _expression!.AppendTo(sql, dialect);

    /// <summary>Appends the expression with its alias.</summary>
    public void AppendTo(SqlText sql, SqlDialect dialect)
    {
        if (_column is { } column)
        {
            column.AppendTo(sql);
            if (Alias == column.Field.Name)
            {
                return;
            }
        }
        else
        {
            _expression!.AppendTo(sql, dialect);
        }

        sql.Append(" as ").Name(Alias);
    }
}
