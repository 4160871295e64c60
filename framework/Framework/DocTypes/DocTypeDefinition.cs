using System.Collections.Immutable;
using System.Text.Json;

namespace Microservices.DocTypes;

/// <summary>A DocType as declared, by a class or by a Frappe DocType JSON file.</summary>
public sealed record DocTypeDefinition
{
    /// <summary>The name, such as <c>Sales Order</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Frappe's module, for information.</summary>
    public string Module { get; init; } = "";

    /// <summary>Fields in their order; layout fields included.</summary>
    public ImmutableArray<FieldDefinition> Fields { get; init; } = [];

    /// <summary>Who may do what. Empty: only System Manager, as for a DocType new to Frappe.</summary>
    public ImmutableArray<DocPermission> Permissions { get; init; } = [];

    /// <summary>Naming rule in Frappe's words: <c>field:x</c>, <c>naming_series:</c>, <c>format:...</c>, <c>hash</c>, <c>autoincrement</c>, <c>prompt</c> or a series. Empty: hash.</summary>
    public string Autoname { get; init; } = "";

    /// <summary>Rows of other documents, never a document of its own.</summary>
    public bool IsTable { get; init; }

    /// <summary>One document per tenant, named as the DocType.</summary>
    public bool IsSingle { get; init; }

    /// <summary>Documents are drafts, then submitted, then maybe cancelled.</summary>
    public bool IsSubmittable { get; init; }

    /// <summary>A hierarchy.</summary>
    public bool IsTree { get; init; }

    /// <summary>Of a hierarchy: the field that links to the parent. Empty: it is none.</summary>
    public string TreeParentField { get; init; } = "";

    /// <summary>Has no table; its code answers.</summary>
    public bool IsVirtual { get; init; }

    /// <summary>Of a virtual DocType: the class that answers in place of a table. Null: nothing does.</summary>
    public Type? VirtualClass { get; init; }

    /// <summary>Changes are kept as versions.</summary>
    public bool TrackChanges { get; init; }

    /// <summary>May be renamed. The default is true.</summary>
    public bool AllowRename { get; init; } = true;

    /// <summary>The tenant's own permission rows may stand in for <see cref="Permissions"/>. The default is true.</summary>
    public bool AllowCustomPermissions { get; init; } = true;

    /// <summary>Files that may be attached to one document. 0: as many as one likes.</summary>
    public int MaxAttachments { get; init; }

    /// <summary>The field that tells what a document is called. Empty: the name.</summary>
    public string TitleField { get; init; } = "";

    /// <summary>Fields that a search looks at, and that who may only select sees.</summary>
    public ImmutableArray<string> SearchFields { get; init; } = [];

    /// <summary>A line of explanation.</summary>
    public string Description { get; init; } = "";

    /// <summary>That it is deprecated in the API. Null: it is not.</summary>
    public Deprecation? Deprecation { get; init; }

    /// <summary>The class of its documents. Null: <c>Document</c>.</summary>
    public Type? DocumentClass { get; init; }

    /// <summary>
    /// Of a DocType that the framework brings to every service: the service, whose name leads those of its documents, so that a gateway can
    /// tell whose they are. Empty: the service's own DocType.
    /// </summary>
    public string BuiltInOf { get; init; } = "";

    /// <summary>Where it was declared, for messages: a class or a file name.</summary>
    public string Source { get; init; } = "";

    /// <summary>Keys of a JSON file that have no property here, kept as they were.</summary>
    public ImmutableDictionary<string, JsonElement> Extra { get; init; } = ImmutableDictionary<string, JsonElement>.Empty;
}
