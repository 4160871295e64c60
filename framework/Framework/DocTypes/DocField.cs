using System.Text.Json;

namespace Microservices.DocTypes;

/// <summary>A field of a compiled DocType that has a column.</summary>
public sealed class DocField
{
    private readonly FieldAccessor _accessor;

    internal DocField(FieldDefinition definition, FieldAccessor accessor, int ordinal, bool isStandard)
    {
        Definition = definition;
        _accessor = accessor;
        Ordinal = ordinal;
        IsStandard = isStandard;
        Kind = definition.Type.Kind;
        JsonName = JsonEncodedText.Encode(definition.Name);
    }

    /// <summary>The declaration.</summary>
    public FieldDefinition Definition { get; }

    /// <summary>Column and JSON name.</summary>
    public string Name => Definition.Name;

    /// <summary>The name, encoded once.</summary>
    public JsonEncodedText JsonName { get; }

    /// <summary>How the value is kept.</summary>
    public ValueKind Kind { get; }

    /// <summary>Position among the columns of the DocType.</summary>
    public int Ordinal { get; }

    /// <summary>Whether every DocType has it, such as <c>owner</c>.</summary>
    public bool IsStandard { get; }

    /// <summary>The DocType that a Link points to; null for another field, and for a DocType that this service does not have.</summary>
    public DocType? Target { get; internal set; }

    /// <summary>Whether it is the name of documents that are counted, which is answered as a number.</summary>
    public bool IsNumberName { get; internal init; }

    /// <summary>Permission level.</summary>
    public int PermLevel => Definition.PermLevel;

    /// <summary>Reads the value of a document: the .NET type of <see cref="Kind"/>, or null for empty.</summary>
    public object? Get(FieldBag document) => _accessor.Get(document);

    /// <summary>Writes the value of a document.</summary>
    public void Set(FieldBag document, object? value) => _accessor.Set(document, value);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
