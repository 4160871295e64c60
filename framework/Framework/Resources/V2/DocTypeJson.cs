using System.Collections.Immutable;
using System.Text.Json;
using Microservices.DocTypes;

namespace Microservices.Resources.V2;

/// <summary>Writes a DocType as Frappe's DocType document: the keys of its JSON files, with fields and permissions.</summary>
internal static class DocTypeJson
{
    public static void Write(Utf8JsonWriter writer, DocTypeDefinition docType)
    {
        writer.WriteStartObject();
        writer.WriteString("doctype", "DocType");
        writer.WriteString("name", docType.Name);
        writer.WriteString("module", docType.Module);
        Flag(writer, "istable", docType.IsTable);
        Flag(writer, "issingle", docType.IsSingle);
        Flag(writer, "is_submittable", docType.IsSubmittable);
        Flag(writer, "is_tree", docType.IsTree);
        Flag(writer, "is_virtual", docType.IsVirtual);
        Flag(writer, "track_changes", docType.TrackChanges);
        Flag(writer, "allow_rename", docType.AllowRename);
        writer.WriteString("autoname", docType.Autoname);
        writer.WriteString("title_field", docType.TitleField);
        writer.WriteString("search_fields", string.Join(',', docType.SearchFields));
        writer.WriteString("description", docType.Description);
        Extra(writer, docType.Extra, "permissions", "fields");
        writer.WriteStartArray("fields");
        for (var i = 0; i < docType.Fields.Length; i++)
        {
            Write(writer, docType.Name, docType.Fields[i], i + 1);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("permissions");
        for (var i = 0; i < docType.Permissions.Length; i++)
        {
            Write(writer, docType.Name, docType.Permissions[i], i + 1);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string docType, FieldDefinition field, int idx)
    {
        StartRow(writer, "DocField", docType, "fields", idx);
        writer.WriteString("fieldname", field.Name);
        writer.WriteString("label", field.DisplayLabel);
        writer.WriteString("fieldtype", FieldTypes.FrappeName(field.Type));
        writer.WriteString("options", field.Options);
        Flag(writer, "reqd", field.Required);
        Flag(writer, "unique", field.Unique);
        Flag(writer, "search_index", field.SearchIndex);
        writer.WriteString("default", field.Default);
        writer.WriteNumber("length", field.Length);
        if (field.Precision is { } precision)
        {
            writer.WriteNumber("precision", precision);
        }

        writer.WriteNumber("permlevel", field.PermLevel);
        Flag(writer, "read_only", field.ReadOnly);
        Flag(writer, "hidden", field.Hidden);
        Flag(writer, "set_only_once", field.SetOnlyOnce);
        Flag(writer, "allow_on_submit", field.AllowOnSubmit);
        Flag(writer, "no_copy", field.NoCopy);
        Flag(writer, "non_negative", field.NonNegative);
        Flag(writer, "is_virtual", field.IsVirtual);
        writer.WriteString("fetch_from", field.FetchFrom);
        Flag(writer, "fetch_if_empty", field.FetchIfEmpty);
        Flag(writer, "ignore_user_permissions", field.IgnoreUserPermissions);
        writer.WriteString("description", field.Description);
        Extra(writer, field.Extra);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string docType, DocPermission permission, int idx)
    {
        StartRow(writer, "DocPerm", docType, "permissions", idx);
        writer.WriteString("role", permission.Role);
        writer.WriteNumber("permlevel", permission.PermLevel);
        Flag(writer, "if_owner", permission.IfOwner);
        foreach (var right in Enum.GetValues<Rights>())
        {
            if (right is not (Rights.None or Rights.All))
            {
                Flag(writer, right.ToString().ToLowerInvariant(), (permission.Rights & right) != 0);
            }
        }

        writer.WriteEndObject();
    }

    private static void StartRow(Utf8JsonWriter writer, string rowType, string docType, string table, int idx)
    {
        writer.WriteStartObject();
        writer.WriteString("doctype", rowType);
        writer.WriteString("parent", docType);
        writer.WriteString("parenttype", "DocType");
        writer.WriteString("parentfield", table);
        writer.WriteNumber("idx", idx);
    }

    private static void Flag(Utf8JsonWriter writer, string name, bool value) => writer.WriteNumber(name, value ? 1 : 0);

    // What a file said beside what is known here, told as it was.
    private static void Extra(Utf8JsonWriter writer, ImmutableDictionary<string, JsonElement> extra, params ReadOnlySpan<string> known)
    {
        foreach (var (name, value) in extra)
        {
            if (!known.Contains(name) && name is not ("doctype" or "parent" or "parenttype" or "parentfield" or "idx" or "name"))
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }
        }
    }
}
