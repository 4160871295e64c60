using System.Text.Json;
using Microservices.DocTypes;
using Microservices.Data.Dialects;
using Microservices.Errors;

namespace Microservices.Data.Queries;

/// <summary>Reads the computed columns of a list: <c>{"SUM":"amount"}</c>, nested, over columns, numbers and texts in quotes.</summary>
internal sealed class ExpressionReader(QueryScope scope, DateTime now)
{
    private const int MaxDepth = 8;
    private const int MaxArguments = 16;

    /// <summary>A function by its name and what it is given.</summary>
    /// <exception cref="DataException">The function is unknown, or its arguments do not fit.</exception>
    public SqlExpression Read(string function, JsonElement arguments) => Read(function, arguments, depth: 0);

    /// <summary>The function of one column: <c>count(name)</c>.</summary>
    /// <inheritdoc cref="Read(string, JsonElement)"/>
    public SqlExpression Read(string function, string argument) =>
        Call(function.ToUpperInvariant(), [argument == "*" ? Star(function) : Column(argument)]);

    private SqlExpression Read(string function, JsonElement arguments, int depth)
    {
        if (depth == MaxDepth)
        {
            throw new DataException($"fields nests functions deeper than {MaxDepth}");
        }

        var name = function.ToUpperInvariant();
        if (name == "NOW")
        {
            return new ValueExpression(now, ValueKind.Datetime);
        }

        JsonElement[] items = arguments.ValueKind is JsonValueKind.Array ? [.. arguments.EnumerateArray()] : [arguments];
        if (items.Length is 0 or > MaxArguments)
        {
            throw Wrong(name, $"takes 1 to {MaxArguments} values");
        }

        if (name == "EXTRACT")
        {
            return items is [{ ValueKind: JsonValueKind.String } unit, var from]
                ? Extract(unit.GetString()!, Argument(name, from, depth))
                : throw Wrong(name, "takes a unit and a date");
        }

        return Call(name, Array.ConvertAll(items, item => Argument(name, item, depth)));
    }

    private SqlExpression Argument(string function, JsonElement item, int depth)
    {
        switch (item.ValueKind)
        {
            case JsonValueKind.Number:
                return item.TryGetInt64(out var whole) ? new ValueExpression(whole, ValueKind.Integer)
                    : item.TryGetDecimal(out var number) ? new ValueExpression(number, ValueKind.Decimal)
                    : throw new DataException("A number in fields is out of range");
            case JsonValueKind.String:
                var text = item.GetString()!;
                return text == "*" ? Star(function)
                    : text is ['\'', .., '\''] or ['"', .., '"'] && text.Length > 1 ? new ValueExpression(text[1..^1], ValueKind.Text)
                    : Column(text);
            case JsonValueKind.Object when item.EnumerateObject().ToArray() is [var inner]:
                return Read(inner.Name, inner.Value, depth + 1);
            default:
                throw new DataException($"fields gives {function} something that is no column, number, quoted text or function");
        }
    }

    private ColumnExpression Column(string text) =>
        new ColumnExpression(scope.Find(text) ?? throw new DataException($"Field not permitted in query: {text}"));

    private static StarExpression Star(string function) =>
        function.Equals("COUNT", StringComparison.OrdinalIgnoreCase) ? new StarExpression() : throw new DataException($"Field not permitted in query: * in {function}");

    private static SqlExpression Call(string name, SqlExpression[] arguments) => (name, arguments) switch
    {
        ("COUNT", [var only]) => Aggregate(name, ValueKind.Integer, only),
        ("SUM", [var only]) => Aggregate(name, Number(name, only).Kind is ValueKind.Decimal ? ValueKind.Decimal : ValueKind.Integer, only),
        ("AVG", [var only]) => Aggregate(name, ValueKind.Decimal, Number(name, only)),
        ("MIN" or "MAX", [var only]) => Aggregate(name, only.Kind, only),
        ("ABS", [var only]) => new FunctionExpression("abs", Number(name, only).Kind, false, arguments),
        ("IFNULL" or "NULLIF", [var first, _]) => new FunctionExpression(name.ToLowerInvariant(), first.Kind, false, arguments),
        ("CONCAT", _) => new FunctionExpression("concat", ValueKind.LongText, false, arguments),
        ("LOCATE", [_, _]) => new FunctionExpression("locate", ValueKind.Integer, false, arguments),
        ("TIMESTAMP", [var only]) => new FunctionExpression("timestamp", ValueKind.Datetime, false, [Date(name, only)]),
        ("MONTHNAME", [var only]) => new FunctionExpression("monthname", ValueKind.Text, false, [Date(name, only)]),
        ("MONTH" or "QUARTER", [var only]) => Extract(name, only),
        ("ADD", [var left, var right]) => Arithmetic(name, ArithmeticOperator.Add, left, right),
        ("SUB", [var left, var right]) => Arithmetic(name, ArithmeticOperator.Subtract, left, right),
        ("MUL", [var left, var right]) => Arithmetic(name, ArithmeticOperator.Multiply, left, right),
        ("DIV", [var left, var right]) => Arithmetic(name, ArithmeticOperator.Divide, left, right),
        ("COUNT" or "SUM" or "AVG" or "MIN" or "MAX" or "ABS" or "TIMESTAMP" or "MONTHNAME" or "MONTH" or "QUARTER", _) => throw Wrong(name, "takes one value"),
        ("IFNULL" or "NULLIF" or "LOCATE" or "ADD" or "SUB" or "MUL" or "DIV", _) => throw Wrong(name, "takes two values"),
        _ => throw new DataException($"Unknown function in fields: {name}"),
    };

    private static FunctionExpression Aggregate(string name, ValueKind kind, SqlExpression argument) =>
        argument.IsAggregate ? throw new DataException($"fields nests an aggregate in {name}")
            : argument is ValueExpression ? throw Wrong(name, "needs a column")
            : new FunctionExpression(name.ToLowerInvariant(), kind, true, [argument]);

    private static ArithmeticExpression Arithmetic(string name, ArithmeticOperator operation, SqlExpression left, SqlExpression right) =>
        new(operation, Number(name, left), Number(name, right));

    private static FunctionExpression Extract(string unit, SqlExpression from) =>
        unit.ToUpperInvariant() is "YEAR" or "QUARTER" or "MONTH" or "DAY" or "HOUR" or "MINUTE" or "SECOND"
            ? new FunctionExpression(unit.ToLowerInvariant(), ValueKind.Integer, false, [Date(unit, from)])
            : throw new DataException($"EXTRACT has no unit {unit}");

    private static SqlExpression Number(string name, SqlExpression argument) =>
        argument.IsNumber ? argument : throw Wrong(name, $"needs a number, and {argument.Label} is none");

    private static SqlExpression Date(string name, SqlExpression argument) =>
        argument.Kind is ValueKind.Date or ValueKind.Datetime ? argument : throw Wrong(name, $"needs a date, and {argument.Label} is none");

    private static DataException Wrong(string name, string problem) => new($"{name} in fields {problem}");
}
