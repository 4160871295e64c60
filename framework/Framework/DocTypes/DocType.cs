using System.Collections;
using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Microservices.DocTypes;

/// <summary>A DocType compiled once for serving: its columns, child tables and how to read and write them.</summary>
public sealed class DocType
{
    private readonly FrozenDictionary<string, DocField> _columns;
    private readonly FrozenDictionary<string, ChildTable> _tables;
    private readonly Func<FieldBag> _create;
    private readonly int _slotCount;
    private readonly Lazy<bool> _hasDeprecatedFields;

    internal DocType(DocTypeDefinition definition, Type documentClass)
    {
        Definition = definition;
        Slug = Names.ToSlug(definition.Name);
        TableName = "tab" + definition.Name;
        DocumentClass = definition.DocumentClass ?? documentClass;
        _create = System.Linq.Expressions.Expression.Lambda<Func<FieldBag>>(System.Linq.Expressions.Expression.New(DocumentClass)).Compile(preferInterpretation: true);

        var slots = 0;
        var columns = ImmutableArray.CreateBuilder<DocField>();
        foreach (var field in StandardFields.Of(definition))
        {
            var property = DocumentClass.GetProperty(field.Name == StandardFields.DocStatus ? "DocStatus" : PropertyName(field.Name))!;
            columns.Add(new DocField(field with { Property = property }, FieldAccessor.Of(property, field.Type.Kind), columns.Count, isStandard: true)
            {
                IsNumberName = field.Name == StandardFields.Name && definition.Autoname.Equals("autoincrement", StringComparison.OrdinalIgnoreCase),
            });
        }

        var tables = ImmutableArray.CreateBuilder<ChildTable>();
        foreach (var field in definition.Fields)
        {
            if (field.Type.IsTable)
            {
                var listType = field.Property?.PropertyType.GetGenericArguments()[0] ?? documentClass;
                tables.Add(new ChildTable(field, Accessor(field), () => (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(listType))!));
            }
            else if (field.Type.Kind is not ValueKind.None && !field.IsVirtual)
            {
                columns.Add(new DocField(field, Accessor(field), columns.Count, isStandard: false));
            }
        }

        // Child DocTypes are known once all are read.
        _hasDeprecatedFields = new(() => Columns.Any(column => column.Definition.Deprecation is not null)
            || Tables.Any(table => table.Definition.Deprecation is not null || table.Child.HasDeprecatedFields));
        _slotCount = slots;
        Columns = columns.ToImmutable();
        Tables = tables.ToImmutable();
        _columns = Columns.ToFrozenDictionary(column => column.Name, StringComparer.Ordinal);
        _tables = Tables.ToFrozenDictionary(table => table.Name, StringComparer.Ordinal);
        NameField = _columns[StandardFields.Name];
        ModifiedField = _columns[StandardFields.Modified];
        Links = [.. Columns.Where(column => column.Definition.Type is FieldType.Link)];
        Passwords = [.. Columns.Where(column => column.Definition.Type is FieldType.Password)];
        DynamicLinks =
        [
            .. from column in Columns
               where column.Definition.Type is FieldType.DynamicLink && _columns.ContainsKey(column.Definition.Options)
               select (column, _columns[column.Definition.Options]),
        ];

        FieldAccessor Accessor(FieldDefinition field) =>
            field.Property is null ? FieldAccessor.Of(slots++) : FieldAccessor.Of(field.Property, field.Type.Kind);
    }

    /// <summary>The declaration.</summary>
    public DocTypeDefinition Definition { get; }

    /// <summary>The name, such as <c>Sales Order</c>.</summary>
    public string Name => Definition.Name;

    /// <summary>The name in a path, such as <c>sales-order</c>.</summary>
    public string Slug { get; }

    /// <summary>The table, unquoted: <c>tabSales Order</c>.</summary>
    public string TableName { get; }

    /// <summary>The class of its documents.</summary>
    public Type DocumentClass { get; }

    /// <summary>Fields with a column: the standard ones, then the declared ones.</summary>
    public ImmutableArray<DocField> Columns { get; }

    /// <summary>Fields that hold child rows.</summary>
    public ImmutableArray<ChildTable> Tables { get; }

    /// <summary>Columns that hold the name of another document.</summary>
    public ImmutableArray<DocField> Links { get; }

    /// <summary>Columns that hold a secret, encrypted.</summary>
    public ImmutableArray<DocField> Passwords { get; }

    /// <summary>Columns that hold the name of a document of the DocType that another column names.</summary>
    public ImmutableArray<(DocField Field, DocField DocTypeField)> DynamicLinks { get; }

    /// <summary>The column <c>name</c>.</summary>
    public DocField NameField { get; }

    /// <summary>The column <c>modified</c>.</summary>
    public DocField ModifiedField { get; }

    /// <summary>Whether a field of it, or of its rows, is deprecated.</summary>
    internal bool HasDeprecatedFields => _hasDeprecatedFields.Value;

    /// <summary>Finds a column by name, in its exact spelling.</summary>
    public DocField? Column(string name) => _columns.GetValueOrDefault(name);

    /// <summary>Finds a child table by its field.</summary>
    public ChildTable? Table(string field) => _tables.GetValueOrDefault(field);

    /// <summary>Makes an empty document of the DocType's class.</summary>
    internal FieldBag Create()
    {
        var document = _create();
        Attach(document);
        return document;
    }

    /// <summary>Gives a document that code made with <c>new</c> room for the fields its class has no property for.</summary>
    internal void Attach(FieldBag document)
    {
        if (document.Slots.Length != _slotCount)
        {
            document.Slots = new object?[_slotCount];
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static string PropertyName(string field) => field switch
    {
        StandardFields.ModifiedBy => "ModifiedBy",
        StandardFields.ParentField => "ParentField",
        StandardFields.ParentType => "ParentType",
        _ => Names.ToTitle(field),
    };
}
