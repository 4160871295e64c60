using System.Text.Json;
using System.Text.RegularExpressions;
using Microservices.DocTypes;
using Microservices.Errors;
using Microservices.Security;

namespace Microservices.Data.Queries;

/// <summary>One column of a list's answer: what is selected, what it is called, and how its value is read.</summary>
internal sealed partial class SelectColumn
{
    private SelectColumn(DocField? field, string function, string alias)
    {
        Field = field;
        Function = function;
        Alias = alias;
        JsonName = field is not null && alias == field.Name ? field.JsonName : JsonEncodedText.Encode(alias);
        Kind = function switch
        {
            "" or "min" or "max" => field!.Kind,
            "count" => ValueKind.Integer,
            "sum" when field!.Kind is ValueKind.Integer or ValueKind.Check => ValueKind.Integer,
            _ => ValueKind.Decimal,
        };
    }

    /// <summary>The column of the table; null for <c>count(*)</c>.</summary>
    public DocField? Field { get; }

    /// <summary>The aggregate function in lower case, or empty.</summary>
    public string Function { get; }

    /// <summary>Key in the answer.</summary>
    public string Alias { get; }

    /// <summary>The key, encoded.</summary>
    public JsonEncodedText JsonName { get; }

    /// <summary>How the value is read.</summary>
    public ValueKind Kind { get; }

    /// <summary>The columns of the <c>fields</c> of a list. A field above the caller's permission level is left out, as in Frappe.</summary>
    /// <exception cref="DataException">A field is unknown, or the text is something else than a field.</exception>
    public static List<SelectColumn> Parse(DocType docType, IReadOnlyList<string> fields, Access? access)
    {
        if (fields is ["*"])
        {
            return [.. docType.Columns.Where(column => access?.CanList(column) ?? true).Select(column => new SelectColumn(column, "", column.Name))];
        }

        var columns = new List<SelectColumn>(fields.Count);
        foreach (var text in fields)
        {
            var column = docType.Column(text) is { } plain ? new SelectColumn(plain, "", plain.Name) : ParseExpression(docType, text);
            if (column.Field is null || (access?.CanList(column.Field) ?? true))
            {
                columns.Add(column);
            }
        }

        return columns.Count > 0 ? columns : [new SelectColumn(docType.NameField, "", docType.NameField.Name)];
    }

    /// <summary>Appends the expression with its alias.</summary>
    public void AppendTo(SqlText sql)
    {
        if (Function.Length > 0)
        {
            sql.Append(Function).Append("(");
        }

        _ = Field is null ? sql.Append("*") : sql.Name(Field.Name);
        if (Function.Length > 0)
        {
            sql.Append(")");
        }

        if (Field is null || Function.Length > 0 || Alias != Field.Name)
        {
            sql.Append(" as ").Name(Alias);
        }
    }

    private static SelectColumn ParseExpression(DocType docType, string text)
    {
        var match = Expression().Match(text);
        if (!match.Success)
        {
            throw NotPermitted(text);
        }

        var function = match.Groups["function"].Value.ToLowerInvariant();
        var table = match.Groups["table"].Value;
        if (table.Length > 0 && table != docType.TableName)
        {
            throw NotPermitted(text);
        }

        var name = match.Groups["field"].Value;
        var field = name == "*" && function == "count" ? null : docType.Column(name) ?? throw NotPermitted(name);
        if (function is "sum" or "avg" && field!.Kind is not (ValueKind.Integer or ValueKind.Check or ValueKind.Decimal))
        {
            throw new DataException($"{function} needs a number, and {name} is none");
        }

        var alias = match.Groups["alias"].Value;
        return new SelectColumn(field, function, alias.Length > 0 ? alias : function.Length > 0 ? $"{function}({name})" : name);
    }

    private static DataException NotPermitted(string text) => new($"Field not permitted in query: {text}");

    [GeneratedRegex(@"^\s*(?:(?<function>count|sum|avg|min|max)\s*\(\s*(?:`(?<table>tab[^`]{1,64})`\.)?`?(?<field>\*|\w{1,64})`?\s*\)|(?:`(?<table>tab[^`]{1,64})`\.)?`?(?<field>\w{1,64})`?)(?:\s+as\s+[`'""]?(?<alias>[A-Za-z_]\w{0,63})[`'""]?)?\s*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Expression();
}
