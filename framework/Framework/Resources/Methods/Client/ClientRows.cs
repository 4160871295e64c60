using System.Text.Json;
using Microservices.Data;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Errors;
using Microservices.Security;

namespace Microservices.Resources.Methods.Client;

/// <summary><c>frappe.client</c> on rows: each is a change of the document that holds the row, with the rights on that document.</summary>
internal sealed class ClientRows(ServedDocTypes served, DocumentStore store)
{
    /// <summary>Appends a row; the changed document.</summary>
    public Task<Document> AddAsync(TenantDb db, DocType child, JsonElement row, CancellationToken cancellationToken)
    {
        var (parentType, parent, field) = (Needed(row, StandardFields.ParentType), Needed(row, StandardFields.Parent), Needed(row, StandardFields.ParentField));
        var docType = served.Get(parentType, ResourceVerbs.Update).DocType;
        var table = docType.Table(field) is { } found && found.Child == child ? found : throw new ValidationException($"{docType.Name} has no table {field} of {child.Name}");
        return UpdateAsync(db, table, docType, parent, (document, access) =>
        {
            var added = document.AddRow(table.Name);
            DocumentBinder.Apply(added, row, access, isStrict: false);
        }, cancellationToken);
    }

    /// <summary>Changes fields of a row; the changed document.</summary>
    public async Task<Document> ChangeAsync(TenantDb db, DocType child, string name, JsonElement changes, CancellationToken cancellationToken)
    {
        foreach (var change in changes.EnumerateObject().Where(change => StandardFields.Reserved.Contains(change.Name)))
        {
            throw new ValidationException($"Cannot edit standard field {change.Name}");
        }

        var (docType, table, parent) = await HolderAsync(db, child, name, cancellationToken);
        return await UpdateAsync(db, table, docType, parent, (document, access) => DocumentBinder.Apply(RowOf(table, document, name), changes, access, isStrict: true), cancellationToken);
    }

    /// <summary>Takes a row out of its document.</summary>
    public async Task RemoveAsync(TenantDb db, DocType child, string name, CancellationToken cancellationToken)
    {
        var (docType, table, parent) = await HolderAsync(db, child, name, cancellationToken);
        await UpdateAsync(db, table, docType, parent, (document, _) => table.Rows(document).Remove(RowOf(table, document, name)), cancellationToken);
    }

    private Task<Document> UpdateAsync(TenantDb db, ChildTable table, DocType docType, string parent, Action<Document, Access> change, CancellationToken cancellationToken)
    {
        var access = Access.Of(db.User, docType);
        return access.CanWrite(table.Definition.PermLevel)
            ? store.UpdateAsync(db, docType, parent, document => change(document, access), expectedModified: null, ignorePermissions: false, cancellationToken)
            : throw new PermissionException($"No permission to write field {table.Name} of {docType.Name}");
    }

    /// <summary>The document that holds a row. A row of a DocType that is not served, or in no table of its document, is not there.</summary>
    private async Task<(DocType DocType, ChildTable Table, string Parent)> HolderAsync(TenantDb db, DocType child, string name, CancellationToken cancellationToken)
    {
        var found = await db.GetAllAsync(
            child.Name, new() { Fields = [StandardFields.Parent, StandardFields.ParentType, StandardFields.ParentField], Filters = [new(StandardFields.Name, name)], Limit = 1 }, cancellationToken);
        if (found.Count == 0 || found[0].Get<string>(StandardFields.Parent) is not { } parent || found[0].Get<string>(StandardFields.ParentType) is not { } parentType
            || found[0].Get<string>(StandardFields.ParentField) is not { } field)
        {
            throw DocumentStore.NotFound(child, name);
        }

        var docType = served.Get(parentType, ResourceVerbs.Update).DocType;
        return docType.Table(field) is { } table && table.Child == child ? (docType, table, parent) : throw DocumentStore.NotFound(child, name);
    }

    private static Document RowOf(ChildTable table, Document document, string name) =>
        table.Rows(document).Cast<Document>().FirstOrDefault(row => row.Name == name) ?? throw DocumentStore.NotFound(table.Child, name);

    private static string Needed(JsonElement row, string key) => DocumentArgument.Text(row, key, "doc") is { Length: > 0 } text ? text : throw new ValidationException($"doc.{key} is missing");
}
