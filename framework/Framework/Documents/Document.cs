using System.Diagnostics.CodeAnalysis;
using Microservices.DocTypes;

namespace Microservices.Documents;

/// <summary>Draft, submitted or cancelled.</summary>
public enum DocStatus
{
    /// <summary>May be changed.</summary>
    Draft = 0,

    /// <summary>Final, but for the fields that may change after submit.</summary>
    Submitted = 1,

    /// <summary>Final.</summary>
    Cancelled = 2,
}

/// <summary>
/// A document: a row of a DocType and its child rows. A class that derives from it is the DocType and its controller; documents of
/// DocTypes from JSON files are of this class itself, and their fields are reached by name.
/// </summary>
public class Document : DocumentEvents
{
    /// <summary>The key within the tenant.</summary>
    public string Name { get; set; } = "";

    /// <summary>Who created it.</summary>
    public string Owner { get; internal set; } = "";

    /// <summary>When it was created, UTC.</summary>
    public DateTime Creation { get; internal set; }

    /// <summary>When it was last changed, UTC; also the lock of an update.</summary>
    public DateTime Modified { get; internal set; }

    /// <summary>Who changed it last.</summary>
    public string ModifiedBy { get; internal set; } = "";

    /// <summary>Draft, submitted or cancelled.</summary>
    public DocStatus DocStatus { get; set; }

    /// <summary>Position among the rows of the parent, from 1.</summary>
    public int Idx { get; internal set; }

    /// <summary>Of a child row: the name of its document.</summary>
    public string? Parent { get; internal set; }

    /// <summary>Of a child row: the field that holds it.</summary>
    public string? ParentField { get; internal set; }

    /// <summary>Of a child row: the DocType of its document.</summary>
    public string? ParentType { get; internal set; }

    /// <summary>Whether it has not been inserted yet.</summary>
    public bool IsNew { get; internal set; } = true;

    /// <summary>Whether a new document keeps the name it was given, whatever the rule of its DocType.</summary>
    internal bool KeepsName { get; set; }

    /// <summary>Whether it was deleted and comes back: who made it and when stay as they were.</summary>
    internal bool IsRestored { get; set; }

    /// <summary>Fields that are as they are meant to be, so that no default fills those that are empty or zero.</summary>
    internal HashSet<DocField>? LeftEmpty { get; set; }

    /// <summary>The DocType; null until the document meets a database.</summary>
    internal DocType? DocType { get; set; }

    /// <summary>
    /// A field by its name: text, <see cref="long"/>, <see cref="bool"/>, <see cref="decimal"/>, <see cref="DateOnly"/>,
    /// <see cref="DateTime"/>, <see cref="TimeSpan"/> or null.
    /// </summary>
    /// <exception cref="ArgumentException">The DocType has no such field, or the value does not fit it.</exception>
    public object? this[string field]
    {
        get => ColumnOf(field).Get(this);
        set
        {
            var column = ColumnOf(field);
            column.Set(this, FieldValue.From(value, column));
        }
    }

    /// <summary>A field by its name as text; empty text for null.</summary>
    public string Text(string field) => this[field]?.ToString() ?? "";

    /// <summary>The child rows of a table field, in order.</summary>
    /// <exception cref="ArgumentException">The DocType has no such table.</exception>
    public IReadOnlyList<Document> Rows(string field) => [.. TableOf(field).Rows(this).Cast<Document>()];

    /// <summary>Appends an empty child row and returns it.</summary>
    /// <exception cref="ArgumentException">The DocType has no such table.</exception>
    public Document AddRow(string field)
    {
        var table = TableOf(field);
        var row = Create(table.Child);
        table.Rows(this).Add(row);
        return row;
    }

    /// <summary>Makes an empty document of a DocType.</summary>
    internal static Document Create(DocType docType)
    {
        var document = (Document)docType.Create();
        document.DocType = docType;
        return document;
    }

    /// <summary>Binds a document that code made with <c>new</c>, and its rows, to the DocType.</summary>
    internal void AttachTo(DocType docType)
    {
        DocType = docType;
        docType.Attach(this);
        foreach (var table in docType.Tables)
        {
            foreach (Document row in table.Rows(this))
            {
                row.AttachTo(table.Child);
            }
        }
    }

    private DocType Bound => DocType
        ?? throw new InvalidOperationException("The document is not bound to a DocType yet: make it with TenantDb.NewDoc, or use its properties.");

    private DocField ColumnOf(string field) => Bound.Column(field) ?? ThrowUnknown<DocField>(field);

    private ChildTable TableOf(string field) => Bound.Table(field) ?? ThrowUnknown<ChildTable>(field);

    [DoesNotReturn]
    private T ThrowUnknown<T>(string field) => throw new ArgumentException($"{DocType!.Name} has no field '{field}'.", nameof(field));
}
