using System.Text.Json;
using Microservices.Data;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Errors;

namespace Microservices.Resources.Methods.Client;

/// <summary><c>frappe.client</c>: reading documents and values.</summary>
internal sealed class ClientReads(ServedDocTypes served, ClientLists lists)
{
    /// <summary>One document: by its name, the first of a list, or the one of a Single.</summary>
    public async Task<WholeDocument> GetAsync(TenantDb db, string doctype, string? name, JsonElement? filters, string? parent, CancellationToken cancellationToken)
    {
        var docType = served.Get(doctype, ResourceVerbs.Get).DocType;
        if (string.IsNullOrEmpty(name))
        {
            name = ClientLists.Says(filters) ? await lists.FirstAsync(db, docType, filters!.Value, parent, cancellationToken) ?? throw DocumentStore.NotFound(docType, "of these filters")
                : docType.Definition.IsSingle ? docType.Name
                : throw new ValidationException("name is missing");
        }

        var (document, access) = await ReadableDocuments.LoadAsync(db, docType, name, Rights.Read, cancellationToken);
        return new WholeDocument(document, access);
    }

    /// <summary>Some fields of one document; an empty object when there is none.</summary>
    public async Task<object?> GetValueAsync(
        TenantDb db, string doctype, JsonElement? fieldname, JsonElement? filters, ParameterValue? asDict, string? parent, CancellationToken cancellationToken)
    {
        var fields = ClientLists.Names(fieldname, "fieldname");
        fields = fields.Count == 0 ? [StandardFields.Name] : fields;
        var docType = lists.Listed(doctype, parent, ResourceVerbs.Get);
        IReadOnlyDictionary<string, object?>? values = docType.Definition.IsSingle
            ? await OfSingleAsync(db, docType, fields, cancellationToken)
            : await lists.ValuesAsync(db, docType, fields, filters, parent, cancellationToken);
        return IsTrue(asDict) ? values ?? new Dictionary<string, object?>()
            : values is null ? null
            : values.Count == 1 ? values.Values.Single()
            : values.Values;
    }

    /// <summary>A field of a Single.</summary>
    public async Task<object?> GetSingleValueAsync(TenantDb db, string doctype, string field, CancellationToken cancellationToken)
    {
        var docType = served.Get(doctype, ResourceVerbs.Get).DocType;
        return docType.Definition.IsSingle
            ? (await OfSingleAsync(db, docType, [field], cancellationToken)).Values.Single()
            : throw new ValidationException($"{docType.Name} is not a Single");
    }

    /// <summary>The clear text of a password field, for System Managers.</summary>
    public async Task<string?> GetPasswordAsync(TenantDb db, string doctype, string name, string fieldname, CancellationToken cancellationToken)
    {
        db.User.OnlyFor("System Manager");
        var docType = served.Get(doctype, ResourceVerbs.Get).DocType;
        var (document, access) = await ReadableDocuments.LoadAsync(db, docType, name, Rights.Read, cancellationToken);
        return docType.Column(fieldname) is not { Definition.Type: FieldType.Password } field ? throw new DataException($"{docType.Name} has no password field {fieldname}")
            : access.CanRead(field) ? await db.GetPasswordAsync(docType.Name, document.Name, field.Name, cancellationToken)
            : throw new PermissionException($"No permission to read field {field.Name} of {docType.Name}");
    }

    private static async Task<IReadOnlyDictionary<string, object?>> OfSingleAsync(TenantDb db, DocType docType, IReadOnlyList<string> fields, CancellationToken cancellationToken)
    {
        var (document, access) = await ReadableDocuments.LoadAsync(db, docType, docType.Name, Rights.Read, cancellationToken);
        return fields.ToDictionary(field => field, field => docType.Column(field) is not { } column ? throw new DataException($"Field not permitted in query: {field}")
            : !access.CanRead(column) ? throw new PermissionException($"No permission to read field {field} of {docType.Name}")
            : column.Definition.Type is FieldType.Password && column.Get(document) is not null ? DocumentJson.Asterisks
            : column.Get(document));
    }

    // As Frappe does, which tells JSON false from everything else and takes the text "false" for true.
    private static bool IsTrue(ParameterValue? value) => value is not { } given || (given.Text is { } text ? text.Length > 0
        : given.Json.ValueKind is not (JsonValueKind.False or JsonValueKind.Null) && !(given.Json.ValueKind is JsonValueKind.Number && given.Json.GetRawText() == "0") && !(given.Json.ValueKind is JsonValueKind.String && given.Json.GetString()!.Length == 0));
}
