using Microservices.Data;
using Microservices.Data.Queries;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Errors;

namespace Microservices.Resources.Methods.Client;

/// <summary><c>frappe.share</c>: whom a document is shared with. Whoever shares must have the right to share it, and each right given.</summary>
internal sealed class ClientShares(ServedDocTypes served, DocumentStore store)
{
    private const string Shares = "DocShare";
    private static readonly string[] s_fields = ["name", "user", "read", "write", "submit", "share", "everyone", "owner", "creation"];

    /// <summary>Shares a document, or changes the rights of a share that is there.</summary>
    public async Task<WholeDocument> AddAsync(
        TenantDb db, string doctype, string name, string? user, bool read = true, bool write = false, bool submit = false, bool share = false, bool everyone = false, CancellationToken cancellationToken = default)
    {
        var docType = served.Get(doctype, ResourceVerbs.Get).DocType;
        var (rights, access) = await ReadableDocuments.LoadAsync(db, docType, name, Rights.Read, cancellationToken);
        Action<Document> change = document =>
        {
            (document["read"], document["write"], document["submit"], document["share"]) = (read, write, submit, share);
        };
        return new WholeDocument(await PutAsync(db, docType, rights.Name, user, everyone, change, cancellationToken), access);
    }

    /// <summary>Gives or takes one right. Without the right to read nothing is left of the share.</summary>
    public async Task<WholeDocument?> SetPermissionAsync(
        TenantDb db, string doctype, string name, string? user, string permissionTo, bool value = true, bool everyone = false, CancellationToken cancellationToken = default)
    {
        var docType = served.Get(doctype, ResourceVerbs.Get).DocType;
        var (document, access) = await ReadableDocuments.LoadAsync(db, docType, name, Rights.Read, cancellationToken);
        if (permissionTo is not ("read" or "write" or "submit" or "share"))
        {
            throw new ValidationException($"permission_to is read, write, submit or share, not {permissionTo}");
        }

        if (permissionTo is not "read" || value)
        {
            return new WholeDocument(await PutAsync(db, docType, document.Name, user, everyone, shared => shared[permissionTo] = value, cancellationToken), access);
        }

        if (await FindAsync(db, docType, document.Name, user, everyone, cancellationToken) is { } found)
        {
            await store.DeleteAsync(db, db.DocTypes.Get(Shares), found, ignorePermissions: false, cancellationToken);
        }

        return null;
    }

    /// <summary>The shares of a document, for whoever may read it.</summary>
    public async Task<IReadOnlyList<Row>> GetUsersAsync(TenantDb db, string doctype, string name, CancellationToken cancellationToken)
    {
        var docType = served.Get(doctype, ResourceVerbs.Get).DocType;
        var (document, _) = await ReadableDocuments.LoadAsync(db, docType, name, Rights.Read, cancellationToken);
        return await OfAsync(db, document, cancellationToken);
    }

    /// <summary>The shares of a document that the caller is known to read.</summary>
    public static Task<IReadOnlyList<Row>> OfAsync(TenantDb db, Document document, CancellationToken cancellationToken) =>
        db.GetAllAsync(Shares, new() { Fields = s_fields, Filters = Of(document.DocType!, document.Name), OrderBy = "creation, name", Limit = int.MaxValue }, cancellationToken);

    private async Task<Document> PutAsync(TenantDb db, DocType docType, string name, string? user, bool everyone, Action<Document> change, CancellationToken cancellationToken)
    {
        if (await FindAsync(db, docType, name, user, everyone, cancellationToken) is { } found)
        {
            return await store.UpdateAsync(db, db.DocTypes.Get(Shares), found, change, expectedModified: null, ignorePermissions: false, cancellationToken);
        }

        var share = db.NewDoc(Shares);
        (share["share_doctype"], share["share_name"], share["user"], share["everyone"]) = (docType.Name, name, everyone ? null : user, everyone);
        change(share);
        await store.InsertAsync(db, share, ignorePermissions: false, cancellationToken);
        return share;
    }

    private static async Task<string?> FindAsync(TenantDb db, DocType docType, string name, string? user, bool everyone, CancellationToken cancellationToken)
    {
        if (!everyone && string.IsNullOrEmpty(user))
        {
            throw new ValidationException("user is missing");
        }

        var rows = await db.GetAllAsync(Shares, new() { Fields = ["name", "user", "everyone"], Filters = Of(docType, name), Limit = int.MaxValue }, cancellationToken);
        return rows.FirstOrDefault(row => everyone ? row["everyone"] is true : row["user"] as string == user)?.Get<string>("name");
    }

    private static Filter[] Of(DocType docType, string name) => [new("share_doctype", docType.Name), new("share_name", name)];
}
