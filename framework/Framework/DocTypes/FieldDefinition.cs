using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;
using Microservices.Errors;

namespace Microservices.DocTypes;

/// <summary>One field of a DocType, as declared. Names and defaults are those of Frappe's DocField.</summary>
public sealed record FieldDefinition
{
    /// <summary>Column and JSON name, such as <c>customer_name</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What a person reads. Empty: made from the name.</summary>
    public string Label { get; init; } = "";

    /// <summary>Fieldtype. The default is Data.</summary>
    public FieldType Type { get; init; } = FieldType.Data;

    /// <summary>Link and Table: the other DocType. Dynamic Link: the field that names it. Select: one option a line. Data: a format such as Email.</summary>
    public string Options { get; init; } = "";

    /// <summary>May not be empty when saved.</summary>
    public bool Required { get; init; }

    /// <summary>No two documents of a tenant have the same value; empty values do not count.</summary>
    public bool Unique { get; init; }

    /// <summary>Has an index that leads with the tenant.</summary>
    public bool SearchIndex { get; init; }

    /// <summary>Value of a new document: a literal, <c>Today</c>, <c>Now</c> or <c>__user</c>. Null: none.</summary>
    public string? Default { get; init; }

    /// <summary>Characters of a text column, or over 11 for a bigint. 0: the type's own.</summary>
    public int Length { get; init; }

    /// <summary>Digits after the point that are kept. Null: 9.</summary>
    public int? Precision { get; init; }

    /// <summary>Permission level; 0 is everyone who may read the document.</summary>
    public int PermLevel { get; init; }

    /// <summary>Not meant to be typed; told to clients, not enforced, as in Frappe.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Not shown; told to clients.</summary>
    public bool Hidden { get; init; }

    /// <summary>Never changes once it has a value.</summary>
    public bool SetOnlyOnce { get; init; }

    /// <summary>May change after submit.</summary>
    public bool AllowOnSubmit { get; init; }

    /// <summary>Left out of copies.</summary>
    public bool NoCopy { get; init; }

    /// <summary>Not below zero.</summary>
    public bool NonNegative { get; init; }

    /// <summary>Computed, without a column.</summary>
    public bool IsVirtual { get; init; }

    /// <summary><c>link_field.field</c> whose value is copied when saved. Empty: none.</summary>
    public string FetchFrom { get; init; } = "";

    /// <summary>Fetch only while the field is empty.</summary>
    public bool FetchIfEmpty { get; init; }

    /// <summary>User permissions do not apply to this link.</summary>
    public bool IgnoreUserPermissions { get; init; }

    /// <summary>A line of explanation.</summary>
    public string Description { get; init; } = "";

    /// <summary>That it is deprecated in the API. Null: it is not.</summary>
    public Deprecation? Deprecation { get; init; }

    /// <summary>The property of the document class that holds the value. Null for DocTypes from JSON.</summary>
    public PropertyInfo? Property { get; init; }

    /// <summary>Keys of a JSON file that have no property here, kept as they were.</summary>
    public ImmutableDictionary<string, JsonElement> Extra { get; init; } = ImmutableDictionary<string, JsonElement>.Empty;

    /// <summary>The label, or one made from the name: <c>customer_name</c> is <c>Customer Name</c>.</summary>
    public string DisplayLabel => Label.Length > 0 ? Label : Names.ToTitle(Name);

    /// <summary>The label for messages, where it is told in the reader's language.</summary>
    public Message Caption => DisplayLabel;
}
