using System.Text.Json;
using Microservices.DocTypes;
using Microservices.Documents;
using Microservices.Errors;
using Microservices.Security;

namespace Microservices.Resources;

/// <summary>
/// Puts what a client sent into a document. Only declared fields are taken, at permission levels the caller may write; whose document
/// it is, what it is called and when it was made are never a client's to say.
/// </summary>
internal static class DocumentBinder
{
    private const int MaxRows = 10_000;

    /// <summary>Keys that Frappe's clients send along and that mean nothing here.</summary>
    private static bool IsClientKey(string name) =>
        StandardFields.Reserved.Contains(name) || name.StartsWith('_') || name is "flags" or "run_method" or "__newname";

    /// <summary>The name that a client asks for; only DocTypes named by prompt listen.</summary>
    public static string RequestedName(JsonElement body) =>
        (body.TryGetProperty("__newname", out var name) || body.TryGetProperty(StandardFields.Name, out name)) && name.ValueKind is JsonValueKind.String or JsonValueKind.Number
            ? name.ToString()
            : "";

    /// <summary>The <c>modified</c> that a client saw, which locks its update; null when it sent none.</summary>
    public static DateTime? ModifiedOf(DocType docType, JsonElement body) =>
        body.TryGetProperty(StandardFields.Modified, out var modified) ? FieldValue.From(modified, docType.Column(StandardFields.Modified)!) as DateTime? : null;

    /// <exception cref="DataException">A value does not fit its field.</exception>
    /// <exception cref="ValidationException">The DocType is strict and the body names a field it does not have.</exception>
    public static void Apply(Document document, JsonElement body, Access access, bool isStrict)
    {
        var docType = document.DocType!;
        foreach (var property in body.EnumerateObject())
        {
            var name = property.Name;
            if (docType.Column(name) is { } column)
            {
                if (!column.IsStandard && access.CanWrite(column.PermLevel) && !IsMasked(column, property.Value))
                {
                    var value = FieldValue.From(property.Value, column);
                    column.Set(document, value);
                    if (property.Value.ValueKind is not JsonValueKind.Null && DocumentDefaults.IsUnset(column, value))
                    {
                        (document.LeftEmpty ??= []).Add(column);
                    }
                }
                else if (name == StandardFields.DocStatus && !docType.Definition.IsTable)
                {
                    document.DocStatus = Status(property.Value);
                }
            }
            else if (docType.Table(name) is { } table)
            {
                if (access.CanWrite(table.Definition.PermLevel))
                {
                    ApplyRows(document, table, property.Value, access, isStrict);
                }
            }
            else if (isStrict && !IsClientKey(name) && !docType.Definition.Fields.Any(field => field.Name == name))
            {
                throw new DataException($"{docType.Name} has no field {name}");
            }
        }
    }

    /// <summary>
    /// Replaces the rows of a table. A row with the name of a stored row of this document is that row, with every field that was not
    /// sent empty; any other row is new, whatever name it carries.
    /// </summary>
    private static void ApplyRows(Document document, ChildTable table, JsonElement value, Access access, bool isStrict)
    {
        if (value.ValueKind is JsonValueKind.Null)
        {
            table.SetRows(document, []);
            return;
        }

        if (value.ValueKind is not JsonValueKind.Array)
        {
            throw new DataException($"{table.Definition.Caption} ({table.Name}) takes a list of rows");
        }

        if (value.GetArrayLength() > MaxRows)
        {
            throw new DataException($"{table.Definition.Caption} ({table.Name}) takes at most {MaxRows} rows in one request");
        }

        var stored = table.Rows(document).Cast<Document>().ToDictionary(row => row.Name, StringComparer.Ordinal);
        var rows = new List<Document>(value.GetArrayLength());
        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind is not JsonValueKind.Object)
            {
                throw new DataException($"{table.Definition.Caption} ({table.Name}) takes rows that are objects");
            }

            var row = Document.Create(table.Child);
            if (item.TryGetProperty(StandardFields.Name, out var name) && name.ValueKind is JsonValueKind.String && stored.Remove(name.GetString()!, out var old))
            {
                (row.Name, row.Owner, row.Creation, row.Modified, row.ModifiedBy, row.IsNew) = (old.Name, old.Owner, old.Creation, old.Modified, old.ModifiedBy, false);
                KeepProtected(row, old, table.Child, access);
            }

            Apply(row, item, access, isStrict);
            rows.Add(row);
        }

        table.SetRows(document, rows);
    }

    // The asterisks that an answer shows in place of a password come back with whole documents, and mean no change.
    private static bool IsMasked(DocField column, JsonElement value) =>
        column.Definition.Type is FieldType.Password && value.ValueKind is JsonValueKind.String && value.GetString() is { Length: > 0 } text && text.All(character => character == '*');

    // A field the caller may not write keeps its value where the others are emptied, and so does a password, which no answer ever showed.
    private static void KeepProtected(Document row, Document old, DocType child, Access access)
    {
        foreach (var column in child.Columns)
        {
            if (!column.IsStandard && (!access.CanWrite(column.PermLevel) || column.Definition.Type is FieldType.Password))
            {
                column.Set(row, column.Get(old));
            }
        }
    }

    private static DocStatus Status(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetInt32(out var number) && number is >= 0 and <= 2 => (DocStatus)number,
        JsonValueKind.String when value.GetString() is "0" or "1" or "2" => (DocStatus)(value.GetString()![0] - '0'),
        JsonValueKind.Null => DocStatus.Draft,
        _ => throw new DataException("docstatus is 0, 1 or 2"),
    };
}
