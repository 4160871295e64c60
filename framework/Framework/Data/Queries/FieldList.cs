using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microservices.DocTypes;
using Microservices.Errors;

namespace Microservices.Data.Queries;

/// <summary>Child rows that a list answers inside their document: one query for the page, not one a row.</summary>
internal sealed record NestedRows(ChildTable Table, ImmutableArray<DocField> Columns);

/// <summary>Reads <c>fields</c>. What the caller may not see is left out, as in Frappe.</summary>
internal sealed partial class FieldList
{
    private const int MaxFields = 200;

    private readonly QueryScope _scope;
    private readonly ExpressionReader _expressions;

    /// <exception cref="DataException">A field is unknown, or the text is something else than a field.</exception>
    public FieldList(QueryScope scope, IReadOnlyList<string> fields, DateTime now)
    {
        (_scope, _expressions) = (scope, new ExpressionReader(scope, now));
        var root = scope.Root;
        if (fields is ["*"])
        {
            foreach (var column in root.DocType.Columns)
            {
                if (root.CanList(column))
                {
                    Columns.Add(new SelectColumn(new ColumnRef(root, column), column.Name));
                }
            }

            return;
        }

        if (fields.Count > MaxFields)
        {
            throw new DataException($"fields holds at most {MaxFields} items");
        }

        foreach (var text in fields)
        {
            Read(text);
        }

        if (Columns.Count == 0 && Nested.Count == 0)
        {
            Columns.Add(new SelectColumn(new ColumnRef(root, root.DocType.NameField), root.DocType.NameField.Name));
        }
    }

    /// <summary>The columns of a row.</summary>
    public List<SelectColumn> Columns { get; } = [];

    /// <summary>The child rows beside them.</summary>
    public List<NestedRows> Nested { get; } = [];

    private void Read(string text)
    {
        if (_scope.Root.DocType.Column(text) is { } plain)
        {
            Add(new ColumnRef(_scope.Root, plain), plain.Name);
        }
        else if (UserTags.Are(text))
        {
            AddComputed(() => new UserTags(_scope), UserTags.Name);
        }
        else if (text.AsSpan().TrimStart() is ['{', ..])
        {
            ReadObject(text);
        }
        else
        {
            ReadText(text);
        }
    }

    private void ReadText(string text)
    {
        var match = Item().Match(text);
        var reference = match.Groups["reference"].Value;
        var function = match.Groups["function"].Value;
        if (!match.Success)
        {
            Refuse(text);
        }
        else if (function.Length > 0)
        {
            var alias = match.Groups["alias"] is { Success: true, Value: var given } ? given : $"{function.ToLowerInvariant()}({reference.Trim('`')})";
            AddComputed(() => _expressions.Read(function, reference), alias);
        }
        else if (_scope.Find(reference) is { } column)
        {
            Add(column, match.Groups["alias"] is { Success: true, Value: var given } ? given : column.Field.Name);
        }
        else
        {
            Refuse(reference);
        }
    }

    private void ReadObject(string text)
    {
        using var json = Parse(text);
        JsonProperty[] properties = [.. json.RootElement.EnumerateObject()];
        var alias = properties.FirstOrDefault(property => property.Name == "as").Value;
        if (properties.Where(property => property.Name != "as").ToArray() is not [var call])
        {
            throw new DataException("fields is a list of field names and of objects with one function each");
        }

        if (call.Value.ValueKind is JsonValueKind.Array && alias.ValueKind is JsonValueKind.Undefined && _scope.Root.DocType.Table(call.Name) is { } table)
        {
            AddRows(table, call.Value);
            return;
        }

        var name = alias.ValueKind switch
        {
            JsonValueKind.Undefined => call.Value.ValueKind is JsonValueKind.String ? $"{call.Name.ToLowerInvariant()}({call.Value.GetString()})" : call.Name.ToLowerInvariant(),
            JsonValueKind.String when Alias().IsMatch(alias.GetString()!) => alias.GetString()!,
            _ => throw new DataException($"An alias in fields is a name of letters, digits and _, not {alias.GetRawText()}"),
        };
        AddComputed(() => _expressions.Read(call.Name, call.Value), name);
    }

    private void AddComputed(Func<SqlExpression> read, string alias)
    {
        SqlExpression expression;
        try
        {
            expression = read();
        }
        catch (DataException exception) when (_scope.Rules is ListRules.V2 && exception.Message.StartsWith("Field not permitted", StringComparison.Ordinal))
        {
            return;
        }

        if (expression.CanAsk)
        {
            Add(new SelectColumn(expression, alias));
        }
    }

    private void Add(ColumnRef column, string alias)
    {
        if (column.CanList)
        {
            Add(new SelectColumn(column, alias));
        }
    }

    private void Add(SelectColumn column)
    {
        // Asking twice for the same thing is asking once; two things of one name would hide each other.
        if (Columns.Find(earlier => earlier.Alias == column.Alias) is not { } same)
        {
            Columns.Add(column);
        }
        else if (!column.IsSameAs(same))
        {
            throw new DataException($"Two fields are called {column.Alias}: give one an alias with 'as'");
        }
    }

    private void AddRows(ChildTable table, JsonElement columns)
    {
        var root = _scope.Root;
        if (root.Access is { } access && !(access.Has(Rights.Read) && access.CanRead(table)))
        {
            return;
        }

        var fields = ImmutableArray.CreateBuilder<DocField>();
        foreach (var item in columns.EnumerateArray())
        {
            var name = item.ValueKind is JsonValueKind.String ? item.GetString()! : throw new DataException($"fields names columns of {table.Name} by text");
            if (name == "*")
            {
                fields.AddRange(table.Child.Columns);
            }
            else if (table.Child.Column(name) is { } field)
            {
                fields.Add(field);
            }
            else
            {
                Refuse($"{table.Name}.{name}");
            }
        }

        if (Nested.Exists(rows => rows.Table == table))
        {
            throw new DataException($"fields asks for the rows of {table.Name} twice");
        }

        Nested.Add(new NestedRows(table, [.. fields.Distinct().Where(field => root.Access?.CanRead(field) ?? true)]));
    }

    // The second API leaves out what it does not know.
    private void Refuse(string text)
    {
        if (_scope.Rules is ListRules.V1)
        {
            throw new DataException($"Field not permitted in query: {text}");
        }
    }

    private static JsonDocument Parse(string text)
    {
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException)
        {
            throw new DataException($"Field not permitted in query: {text}");
        }
    }

    [GeneratedRegex(@"^\s*(?:(?<function>count|sum|avg|min|max)\s*\(\s*(?<reference>\*|[\w`. -]{1,200}?)\s*\)|(?<reference>[\w`. -]{1,200}?))(?:\s+as\s+[`'""]?(?<alias>[A-Za-z_]\w{0,63})[`'""]?)?\s*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Item();

    [GeneratedRegex(@"^[A-Za-z_]\w{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Alias();
}
