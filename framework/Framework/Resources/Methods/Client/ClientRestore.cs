using Microservices.Data;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Errors;
using Microservices.Security;

namespace Microservices.Resources.Methods.Client;

/// <summary>Brings deleted documents back, by the name that Frappe's desk calls.</summary>
internal sealed class ClientRestore(ServedDocTypes served, DocumentStore store, DocumentPermissions permissions)
{
    private const string Copies = "Deleted Document";

    /// <summary>Inserts a deleted document again, under its name where its DocType lets it, and as a draft. For a System Manager who may read and create it.</summary>
    /// <param name="db">The database.</param>
    /// <param name="user">The caller.</param>
    /// <param name="name">The copy.</param>
    /// <param name="doctype">Its DocType, which lets a gateway find the service by the copy's name.</param>
    /// <param name="cancellationToken">Ends the wait for a session.</param>
    /// <returns>The name it has now.</returns>
    public async Task<string> RestoreAsync(TenantDb db, CurrentUser user, string name, string doctype = Copies, CancellationToken cancellationToken = default)
    {
        user.OnlyFor("System Manager");
        if (doctype != Copies)
        {
            throw new DoesNotExistException($"{doctype} {name} not found");
        }

        // Read before the transaction: the lock of a tree comes before that of any row.
        var (_, found) = await LoadAsync(db, name, forUpdate: false, cancellationToken);
        await db.TransactionAsync(
            async () =>
            {
                await Tree.LockAsync(db, found.DocType!, cancellationToken);
                var (copy, document) = await LoadAsync(db, name, forUpdate: true, cancellationToken);
                await InsertAsync(db, copy, document, cancellationToken);
                found = document;
            },
            cancellationToken);
        return found.Name;
    }

    private async Task InsertAsync(TenantDb db, DeletedDocument copy, Document document, CancellationToken cancellationToken)
    {
        served.Get(copy.DeletedDoctype, ResourceVerbs.Create);
        if (!(await permissions.DecideWithoutSharesAsync(db, Rights.Read, document, cancellationToken)).IsAllowed)
        {
            throw Access.Of(db.User, document.DocType!).Denied(Rights.Read);
        }

        (document.KeepsName, document.DocStatus) = (true, DocStatus.Draft);
        await store.InsertAsync(db, document, ignorePermissions: false, cancellationToken);
        await store.UpdateAsync(
            db, copy.DocType!, copy.Name, stored => (stored["restored"], stored["new_name"]) = (true, document.Name), expectedModified: null, ignorePermissions: true, cancellationToken);
        await store.InsertAsync(
            db,
            new Comment { CommentType = "Edit", ReferenceDoctype = copy.DeletedDoctype, ReferenceName = document.Name, Content = $"restored {System.Net.WebUtility.HtmlEncode(copy.DeletedName)}" },
            ignorePermissions: true,
            cancellationToken);
    }

    /// <exception cref="DoesNotExistException">There is no such copy, or its DocType is no more.</exception>
    /// <exception cref="PermissionException">The caller may not know of it.</exception>
    /// <exception cref="ValidationException">It has been restored, or was too large to be kept.</exception>
    private async ValueTask<(DeletedDocument Copy, Document Document)> LoadAsync(TenantDb db, string name, bool forUpdate, CancellationToken cancellationToken)
    {
        var copies = db.DocTypes.Get(Copies);
        if (await DocumentReader.LoadAsync(db, copies, name, forUpdate, cancellationToken) is not DeletedDocument copy)
        {
            throw DocumentStore.NotFound(copies, name);
        }

        await permissions.RequireAsync(db, Rights.Read, copy, cancellationToken);
        return copy.Restored ? throw new ValidationException($"{copy.DeletedDoctype} {copy.DeletedName} has been restored already")
            : copy.TooLarge ? throw new ValidationException($"{copy.DeletedDoctype} {copy.DeletedName} cannot be restored: it was too large to be kept")
            : (copy, DeletedDocuments.Document(db, copy) ?? throw DocumentStore.NotFound(copies, name));
    }
}
