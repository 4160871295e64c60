using System.Collections.Frozen;

namespace Microservices.DocTypes;

/// <summary>The columns that every DocType has beside its own.</summary>
public static class StandardFields
{
#pragma warning disable CS1591 // The values are the documentation.
    public const string Name = "name";
    public const string Owner = "owner";
    public const string Creation = "creation";
    public const string Modified = "modified";
    public const string ModifiedBy = "modified_by";
    public const string DocStatus = "docstatus";
    public const string Idx = "idx";
    public const string Parent = "parent";
    public const string ParentField = "parentfield";
    public const string ParentType = "parenttype";
#pragma warning restore CS1591

    /// <summary>The column that holds the tenant. No field may have this name, and no client reads or writes it.</summary>
    public const string TenantId = "tenant_id";

    /// <summary>What stands for the value of a Password field wherever one is shown.</summary>
    public const string Asterisks = "********";

    /// <summary>Longest name of a document, in characters.</summary>
    public const int NameLength = 140;

    private static readonly FieldDefinition[] s_ofDocuments =
    [
        new() { Name = Name, Length = NameLength },
        new() { Name = Owner },
        new() { Name = Creation, Type = FieldType.Datetime },
        new() { Name = Modified, Type = FieldType.Datetime },
        new() { Name = ModifiedBy },
        new() { Name = DocStatus, Type = FieldType.Int },
        new() { Name = Idx, Type = FieldType.Int },
    ];

    private static readonly FieldDefinition[] s_ofRows =
    [
        new() { Name = Parent, Length = NameLength },
        new() { Name = ParentField },
        new() { Name = ParentType },
    ];

    /// <summary>Names that no declared field may have.</summary>
    public static readonly FrozenSet<string> Reserved =
        s_ofDocuments.Concat(s_ofRows).Select(field => field.Name).Append(TenantId).Append("doctype").ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The standard fields of a DocType, in column order.</summary>
    internal static IEnumerable<FieldDefinition> Of(DocTypeDefinition docType) => docType.IsTable ? s_ofDocuments.Concat(s_ofRows) : s_ofDocuments;
}
