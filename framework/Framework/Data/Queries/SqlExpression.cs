using Microservices.Data.Dialects;
using Microservices.DocTypes;

namespace Microservices.Data.Queries;

/// <summary>Something that a list computes: a column, a value, or a function of such.</summary>
internal abstract class SqlExpression
{
    /// <summary>How the result is read.</summary>
    public abstract ValueKind Kind { get; }

    /// <summary>Whether it makes one row of many.</summary>
    public virtual bool IsAggregate => false;

    /// <summary>Whether the caller may see every column in it.</summary>
    public virtual bool CanAsk => true;

    /// <summary>Whether it is a number.</summary>
    public bool IsNumber => Kind is ValueKind.Integer or ValueKind.Check or ValueKind.Decimal;

    /// <summary>What a message calls it.</summary>
    public virtual string Label => "that";

    public abstract void AppendTo(SqlText sql, SqlDialect dialect);
}

/// <summary>A column.</summary>
internal sealed class ColumnExpression(ColumnRef column) : SqlExpression
{
    public override ValueKind Kind => column.Field.Kind;

    public override bool CanAsk => column.CanAsk;

    public override string Label => column.Field.Name;

    public override void AppendTo(SqlText sql, SqlDialect dialect) => column.AppendTo(sql);
}

/// <summary>A value; it travels as a parameter.</summary>
internal sealed class ValueExpression(object value, ValueKind kind) : SqlExpression
{
    public override ValueKind Kind => kind;

    public override void AppendTo(SqlText sql, SqlDialect dialect) => sql.Value(value);
}

/// <summary>All rows, in <c>count(*)</c>.</summary>
internal sealed class StarExpression : SqlExpression
{
    public override ValueKind Kind => ValueKind.Integer;

    public override void AppendTo(SqlText sql, SqlDialect dialect) => sql.Append("*");
}

/// <summary>A function of both databases.</summary>
internal sealed class FunctionExpression(string name, ValueKind kind, bool isAggregate, IReadOnlyList<SqlExpression> arguments) : SqlExpression
{
    public override ValueKind Kind => kind;

    public override bool IsAggregate => isAggregate || arguments.Any(argument => argument.IsAggregate);

    public override bool CanAsk => arguments.All(argument => argument.CanAsk);

    public override void AppendTo(SqlText sql, SqlDialect dialect)
    {
        sql.Append(name).Append("(");
        for (var i = 0; i < arguments.Count; i++)
        {
            sql.Append(i > 0 ? "," : "");
            arguments[i].AppendTo(sql, dialect);
        }

        sql.Append(")").Append(kind is ValueKind.Decimal ? dialect.DecimalResult : "");
    }
}

/// <summary>Arithmetic, exact on both databases; divided by zero it is null.</summary>
internal sealed class ArithmeticExpression(ArithmeticOperator operation, SqlExpression left, SqlExpression right) : SqlExpression
{
    public override ValueKind Kind => operation is not ArithmeticOperator.Divide && IsWhole(left) && IsWhole(right) ? ValueKind.Integer : ValueKind.Decimal;

    public override bool IsAggregate => left.IsAggregate || right.IsAggregate;

    public override bool CanAsk => left.CanAsk && right.CanAsk;

    public override void AppendTo(SqlText sql, SqlDialect dialect)
    {
        var (before, between, after) = dialect.Arithmetic(operation);
        left.AppendTo(sql.Append(before), dialect);
        right.AppendTo(sql.Append(between), dialect);
        sql.Append(after).Append(Kind is ValueKind.Decimal ? dialect.DecimalResult : "");
    }

    private static bool IsWhole(SqlExpression expression) => expression.Kind is ValueKind.Integer or ValueKind.Check;
}
