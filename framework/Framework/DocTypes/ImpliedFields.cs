using System.Collections.Immutable;

namespace Microservices.DocTypes;

/// <summary>The fields that a DocType has because of what it is.</summary>
internal static class ImpliedFields
{
    public const string AmendedFrom = "amended_from";

    /// <summary>Adds <c>amended_from</c> to a submittable DocType and the fields of the hierarchy to a tree, where they are not declared.</summary>
    /// <param name="docType">The declaration.</param>
    /// <param name="parentField">The field that links to the parent in a tree. Empty: <c>parent_</c> and the DocType's name.</param>
    public static DocTypeDefinition AddTo(DocTypeDefinition docType, string parentField = "")
    {
        var fields = docType.Fields.ToBuilder();
        if (docType.IsSubmittable)
        {
            Add(fields, new() { Name = AmendedFrom, Type = FieldType.Link, Options = docType.Name, ReadOnly = true, NoCopy = true, SearchIndex = true });
        }

        if (docType.IsTree)
        {
            var hidden = new FieldDefinition { Name = "", Hidden = true, ReadOnly = true, NoCopy = true };
            Add(fields, hidden with { Name = "lft", Type = FieldType.Int });
            Add(fields, hidden with { Name = "rgt", Type = FieldType.Int });
            Add(fields, new() { Name = "is_group", Type = FieldType.Check });
            Add(fields, hidden with { Name = "old_parent", Type = FieldType.Link, Options = docType.Name });
            parentField = parentField.Length > 0 ? parentField : "parent_" + Names.ToSlug(docType.Name).Replace('-', '_');
            Add(fields, new()
            {
                Name = parentField,
                Type = FieldType.Link,
                Options = docType.Name,
                SearchIndex = true,
            });
        }

        return docType with { Fields = fields.ToImmutable(), TreeParentField = docType.IsTree ? parentField : "" };
    }

    private static void Add(ImmutableArray<FieldDefinition>.Builder fields, FieldDefinition field)
    {
        if (!fields.Any(declared => string.Equals(declared.Name, field.Name, StringComparison.OrdinalIgnoreCase)))
        {
            fields.Add(field);
        }
    }
}
