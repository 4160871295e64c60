using System.Text.Json;
using Microservices.Data;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Errors;
using Microservices.Security;

namespace Microservices.Resources.Methods.Client;

/// <summary><c>frappe.client</c>: writing documents. Each is a whole operation of the lifecycle, with the caller's rights.</summary>
internal sealed class ClientWrites(ServedDocTypes served, DocumentStore store, ClientRows rows)
{
    /// <summary>A new document; of a row, its changed document.</summary>
    public async Task<WholeDocument> InsertAsync(TenantDb db, JsonElement doc, CancellationToken cancellationToken)
    {
        doc = Document(doc, "doc");
        var name = DocumentArgument.DocTypeOf(doc, "doc");
        if (served.FindRows(name) is { } child)
        {
            return Whole(db, await rows.AddAsync(db, child, doc, cancellationToken));
        }

        var resource = served.Get(name, ResourceVerbs.Create);
        return Whole(db, await InsertAsync(db, resource, doc, doc.TryGetProperty(StandardFields.DocStatus, out _) ? null : DocStatus.Draft, cancellationToken));
    }

    /// <summary>New documents, all of them or none; their names.</summary>
    public async Task<List<string>> InsertManyAsync(TenantDb db, JsonElement docs, CancellationToken cancellationToken)
    {
        var items = Items(docs);
        var names = new List<string>(items.Count);
        foreach (var item in items)
        {
            names.Add((await InsertAsync(db, item, cancellationToken)).Document.Name);
        }

        return names;
    }

    /// <summary>Replaces a document by what was sent: what is not sent becomes empty. One without a name is new.</summary>
    public Task<WholeDocument> SaveAsync(TenantDb db, JsonElement doc, CancellationToken cancellationToken) => ReplaceAsync(db, Document(doc, "doc"), submits: false, cancellationToken);

    /// <summary>Replaces a document by what was sent and submits it. <c>doclist</c> is what old clients call it.</summary>
    public Task<WholeDocument> SubmitAsync(TenantDb db, JsonElement? doc, JsonElement? doclist, CancellationToken cancellationToken)
    {
        var sent = DocumentArgument.Json(doc ?? doclist ?? throw new ValidationException("doc is missing"), "doc");
        return ReplaceAsync(db, Document(sent.ValueKind is JsonValueKind.Array && sent.GetArrayLength() == 1 ? sent[0] : sent, "doc"), submits: true, cancellationToken);
    }

    /// <summary>Cancels a submitted document.</summary>
    public async Task<WholeDocument> CancelAsync(TenantDb db, string doctype, string name, CancellationToken cancellationToken)
    {
        var docType = served.Get(doctype, ResourceVerbs.Update).DocType;
        return Whole(db, await store.UpdateAsync(db, docType, name, document => document.DocStatus = DocStatus.Cancelled, expectedModified: null, ignorePermissions: false, cancellationToken));
    }

    /// <summary>Changes one field, or several when <paramref name="fieldname"/> is an object.</summary>
    public async Task<WholeDocument> SetValueAsync(TenantDb db, string doctype, string name, JsonElement fieldname, ParameterValue? value, CancellationToken cancellationToken)
    {
        var changes = Changes(fieldname, value);
        if (served.FindRows(doctype) is { } child)
        {
            return Whole(db, await rows.ChangeAsync(db, child, name, changes, cancellationToken));
        }

        var resource = served.Get(doctype, ResourceVerbs.Update);
        return Whole(db, await UpdateAsync(db, resource.DocType, name, changes, cancellationToken));
    }

    /// <summary>Deletes a document, or takes a row out of its document.</summary>
    public async Task DeleteAsync(TenantDb db, string doctype, string name, CancellationToken cancellationToken)
    {
        if (served.FindRows(doctype) is { } child)
        {
            await rows.RemoveAsync(db, child, name, cancellationToken);
            return;
        }

        var docType = served.Get(doctype, ResourceVerbs.Delete).DocType;
        await store.DeleteAsync(db, docType, name, ignorePermissions: false, cancellationToken);
    }

    /// <summary>Gives a document another name.</summary>
    public async Task<string> RenameDocAsync(TenantDb db, Messages messages, string doctype, string oldName, string newName, bool merge = false, CancellationToken cancellationToken = default)
    {
        var docType = served.Get(doctype, ResourceVerbs.Update).DocType;
        var name = await store.RenameAsync(db, docType, oldName, newName, merge, ignorePermissions: false, cancellationToken);
        messages.Add(merge ? (Message)$"Document merged from {oldName} into {name}" : $"Document renamed from {oldName} to {name}", indicator: "green", isAlert: true);
        return name;
    }

    /// <summary>Changes documents, each for itself: one that cannot be changed is reported, and nothing of it is kept.</summary>
    public async Task<object> BulkUpdateAsync(TenantDb db, JsonElement docs, CancellationToken cancellationToken)
    {
        var failed = new List<object>();
        foreach (var item in Items(docs))
        {
            try
            {
                await db.TransactionAsync(() => UpdateAsync(db, item, cancellationToken), cancellationToken);
            }
            catch (FrameworkException exception) when (exception.StatusCode < 500)
            {
                failed.Add(new { doc = item, exc = $"{exception.Type}: {exception.Message}" });
            }
        }

        return new { failed_docs = failed };
    }

    private Task<Document> UpdateAsync(TenantDb db, JsonElement item, CancellationToken cancellationToken)
    {
        var docType = served.Get(DocumentArgument.DocTypeOf(item, "docs"), ResourceVerbs.Update).DocType;
        var name = DocumentArgument.Text(item, "docname", "docs") is { Length: > 0 } docname ? docname : throw new ValidationException("docs.docname is missing");
        return store.UpdateAsync(
            db, docType, name, document => DocumentBinder.Apply(document, item, Access.Of(db.User, docType), isStrict: false),
            DocumentBinder.ModifiedOf(docType, item), ignorePermissions: false, cancellationToken);
    }

    private async Task<Document> UpdateAsync(TenantDb db, DocType docType, string name, JsonElement changes, CancellationToken cancellationToken)
    {
        RefuseStandard(changes);
        return await store.UpdateAsync(
            db, docType, name, document => DocumentBinder.Apply(document, changes, Access.Of(db.User, docType), isStrict: true), expectedModified: null, ignorePermissions: false, cancellationToken);
    }

    private async Task<WholeDocument> ReplaceAsync(TenantDb db, JsonElement sent, bool submits, CancellationToken cancellationToken)
    {
        var docTypeName = DocumentArgument.DocTypeOf(sent, "doc");
        var name = DocumentArgument.Text(sent, StandardFields.Name, "doc");
        if (name.Length == 0 || DocumentArgument.IsLocal(sent))
        {
            return Whole(db, await InsertAsync(db, served.Get(docTypeName, ResourceVerbs.Create), sent, submits ? DocStatus.Submitted : null, cancellationToken));
        }

        var docType = served.Get(docTypeName, ResourceVerbs.Update).DocType;
        var access = Access.Of(db.User, docType);
        var document = await store.UpdateAsync(
            db,
            docType,
            name,
            document =>
            {
                DocumentReplacement.Check(document, sent);
                DocumentReplacement.Empty(document, sent, access);
                DocumentBinder.Apply(document, sent, access, isStrict: false);
                document.DocStatus = submits ? DocStatus.Submitted : document.DocStatus;
            },
            expectedModified: null,
            ignorePermissions: false,
            cancellationToken);
        return Whole(db, document);
    }

    private async Task<Document> InsertAsync(TenantDb db, Resource resource, JsonElement sent, DocStatus? status, CancellationToken cancellationToken)
    {
        var document = Documents.Document.Create(resource.DocType);
        DocumentBinder.Apply(document, sent, Access.Of(db.User, resource.DocType), resource.IsStrict);
        document.Name = DocumentBinder.RequestedName(sent);
        document.DocStatus = status ?? document.DocStatus;
        await store.InsertAsync(db, document, ignorePermissions: false, cancellationToken);
        return document;
    }

    private static JsonElement Changes(JsonElement fieldname, ParameterValue? value)
    {
        if (fieldname.ValueKind is JsonValueKind.Object)
        {
            return fieldname;
        }

        var field = fieldname.ValueKind is JsonValueKind.String ? fieldname.GetString()! : throw new ParameterTypeException("fieldname takes a field's name or a JSON object");
        if (field.AsSpan().TrimStart() is ['{', ..])
        {
            return Document(fieldname, "fieldname");
        }

        object? given = value is not { } sent ? null : sent.Text is { } text ? text : sent.Json;
        return JsonSerializer.SerializeToElement(new Dictionary<string, object?> { [field] = given });
    }

    private static void RefuseStandard(JsonElement changes)
    {
        foreach (var change in changes.EnumerateObject().Where(change => StandardFields.Reserved.Contains(change.Name)))
        {
            throw new ValidationException($"Cannot edit standard field {change.Name}");
        }
    }

    private static JsonElement Document(JsonElement value, string parameter) => DocumentArgument.Json(value, parameter) is { ValueKind: JsonValueKind.Object } document
        ? document
        : throw new ParameterTypeException($"{parameter} takes a JSON object");

    private static List<JsonElement> Items(JsonElement docs) => DocumentArgument.Json(docs, "docs") is not { ValueKind: JsonValueKind.Array } list ? throw new ParameterTypeException("docs takes a JSON list")
        : list.GetArrayLength() > DocumentEndpoints.MaxBatch ? throw new ValidationException($"docs takes at most {DocumentEndpoints.MaxBatch} documents in one request")
        : [.. list.EnumerateArray().Select(item => Document(item, "docs"))];

    private static WholeDocument Whole(TenantDb db, Document document) => new(document, Access.Of(db.User, document.DocType!));
}
