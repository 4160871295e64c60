using System.Collections;
using System.Text.Json;

namespace Microservices.DocTypes;

/// <summary>A field of a compiled DocType that holds child rows.</summary>
public sealed class ChildTable
{
    private readonly FieldAccessor _accessor;
    private readonly Func<IList> _newList;
    private DocType? _child;

    internal ChildTable(FieldDefinition definition, FieldAccessor accessor, Func<IList> newList)
    {
        Definition = definition;
        _accessor = accessor;
        _newList = newList;
        JsonName = JsonEncodedText.Encode(definition.Name);
    }

    /// <summary>The declaration.</summary>
    public FieldDefinition Definition { get; }

    /// <summary>The field, which rows carry as <c>parentfield</c>.</summary>
    public string Name => Definition.Name;

    /// <summary>The name, encoded once.</summary>
    public JsonEncodedText JsonName { get; }

    /// <summary>The DocType of the rows.</summary>
    public DocType Child
    {
        get => _child ?? throw new InvalidOperationException("The registry is not complete yet.");
        internal set => _child = value;
    }

    /// <summary>The rows of a document, in order; an empty list when there are none.</summary>
    public IList Rows(FieldBag document)
    {
        if (_accessor.Get(document) is IList rows)
        {
            return rows;
        }

        var empty = _newList();
        _accessor.Set(document, empty);
        return empty;
    }

    /// <summary>Replaces the rows of a document.</summary>
    public void SetRows(FieldBag document, IEnumerable<FieldBag> rows)
    {
        var list = _newList();
        foreach (var row in rows)
        {
            list.Add(row);
        }

        _accessor.Set(document, list);
    }
}
