namespace Microservices.DocTypes;

/// <summary>Makes a class derived from <c>Document</c> a DocType. Without a name, the class name's words are it.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class DocTypeAttribute(string? name = null) : Attribute
{
    /// <summary>The DocType's name. Null: <c>SalesOrder</c> is <c>Sales Order</c>.</summary>
    public string? Name { get; } = name;

    /// <summary>Naming rule in Frappe's words. The default is hash.</summary>
    public string Naming { get; set; } = "";

    /// <summary>Frappe's module, for information.</summary>
    public string Module { get; set; } = "";

    /// <summary>Documents are submitted and cancelled.</summary>
    public bool IsSubmittable { get; set; }

    /// <summary>Rows of other documents. Also true when a <see cref="TableAttribute"/> property holds the class.</summary>
    public bool IsTable { get; set; }

    /// <summary>One document per tenant.</summary>
    public bool IsSingle { get; set; }

    /// <summary>A hierarchy: documents have a parent among themselves, in the field <c>parent_</c> and the DocType's name.</summary>
    public bool IsTree { get; set; }

    /// <summary>Changes are kept as versions.</summary>
    public bool TrackChanges { get; set; }

    /// <summary>Documents may be renamed and merged by who may write them. The default is true.</summary>
    public bool AllowRename { get; set; } = true;

    /// <summary>Tenants may put permission rows of their own (<c>Custom DocPerm</c>) in place of those declared here. The default is true.</summary>
    public bool AllowCustomPermissions { get; set; } = true;

    /// <summary>Files that may be attached to one document. 0, the default: as many as one likes.</summary>
    public int MaxAttachments { get; set; }

    /// <summary>The field that tells what a document is called.</summary>
    public string TitleField { get; set; } = "";

    /// <summary>Fields that a search looks at, and that who may only select sees.</summary>
    public string[] SearchFields { get; set; } = [];

    /// <summary>A line of explanation, shown in the API's documentation.</summary>
    public string Description { get; set; } = "";
}

/// <summary>Gives a role rights on a DocType class; several may stand on one class.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class PermissionAttribute(string role, Rights rights) : Attribute
{
    /// <summary>The role.</summary>
    public string Role { get; } = role;

    /// <summary>What it may do.</summary>
    public Rights Rights { get; } = rights;

    /// <summary>Only for documents that the user owns.</summary>
    public bool IfOwner { get; set; }

    /// <summary>Permission level. The default is 0, the document itself.</summary>
    public int PermLevel { get; set; }
}

/// <summary>Rules of a field. Every public property with a setter of a DocType class is a field, with or without this attribute.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FieldAttribute : Attribute
{
    /// <summary>Column and JSON name. Null: the property's words, <c>GrandTotal</c> is <c>grand_total</c>.</summary>
    public string? Name { get; set; }

    /// <summary>What a person reads.</summary>
    public string Label { get; set; } = "";

    /// <summary>May not be empty.</summary>
    public bool Required { get; set; }

    /// <summary>No two documents of a tenant share the value.</summary>
    public bool Unique { get; set; }

    /// <summary>Has an index that leads with the tenant, so lists may filter and sort by it.</summary>
    public bool Index { get; set; }

    /// <summary>Value of a new document, as text: a literal, <c>Today</c>, <c>Now</c> or <c>__user</c>.</summary>
    public string? Default { get; set; }

    /// <summary>Characters of a text column. 0: 140.</summary>
    public int Length { get; set; }

    /// <summary>Permission level. The default is 0.</summary>
    public int PermLevel { get; set; }

    /// <summary>Not meant to be typed: told to clients, not enforced, as in Frappe; a controller that computes the value overwrites what was sent.</summary>
    public bool ReadOnly { get; set; }

    /// <summary>Not shown.</summary>
    public bool Hidden { get; set; }

    /// <summary>Never changes once it has a value.</summary>
    public bool SetOnlyOnce { get; set; }

    /// <summary>May change after submit.</summary>
    public bool AllowOnSubmit { get; set; }

    /// <summary>Not below zero.</summary>
    public bool NonNegative { get; set; }

    /// <summary>A line of explanation.</summary>
    public string Description { get; set; } = "";
}

/// <summary>Base of the attributes that give a property a fieldtype other than its .NET type's own.</summary>
[AttributeUsage(AttributeTargets.Property)]
public abstract class FieldTypeAttribute(FieldType type, string options = "") : Attribute
{
    /// <summary>The fieldtype.</summary>
    public FieldType Type { get; } = type;

    /// <summary>Frappe's options of the field.</summary>
    public string Options { get; } = options;
}

/// <summary>The value is the name of a document of another DocType of the same tenant.</summary>
public sealed class LinkAttribute(string docType) : FieldTypeAttribute(FieldType.Link, docType);

/// <summary>The value is one of these.</summary>
public sealed class SelectAttribute(params string[] options) : FieldTypeAttribute(FieldType.Select, string.Join('\n', options));

/// <summary>An amount of money.</summary>
public sealed class CurrencyAttribute() : FieldTypeAttribute(FieldType.Currency);

/// <summary>Child rows; the property is a list of a DocType class.</summary>
public sealed class TableAttribute() : FieldTypeAttribute(FieldType.Table);

/// <summary>Text of any length.</summary>
public sealed class TextAttribute() : FieldTypeAttribute(FieldType.Text);

/// <summary>Any other fieldtype, with Frappe's options.</summary>
public sealed class FrappeTypeAttribute(FieldType type, string options = "") : FieldTypeAttribute(type, options);

/// <summary>The property is not a field.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotAFieldAttribute : Attribute;
