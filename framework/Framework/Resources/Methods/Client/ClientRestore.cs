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

        var copies = db.DocTypes.Get(Copies);
        if (await DocumentReader.LoadAsync(db, copies, name, forUpdate: true, cancellationToken) is not DeletedDocument copy || DeletedDocuments.Document(db, copy) is not { } document)
        {
            throw DocumentStore.NotFound(copies, name);
        }

        if (copy.Restored)
        {
            throw new ValidationException($"{copy.DeletedDoctype} {copy.DeletedName} has been restored already");
        }

        served.Get(copy.DeletedDoctype, ResourceVerbs.Create);
        await permissions.RequireAsync(db, Rights.Read, document, cancellationToken);
        (document.KeepsName, document.DocStatus) = (true, DocStatus.Draft);
        await store.InsertAsync(db, document, ignorePermissions: false, cancellationToken);
        await store.UpdateAsync(
            db, copies, copy.Name, stored => (stored["restored"], stored["new_name"]) = (true, document.Name), expectedModified: null, ignorePermissions: true, cancellationToken);
        await store.InsertAsync(
            db,
            new Comment { CommentType = "Edit", ReferenceDoctype = copy.DeletedDoctype, ReferenceName = document.Name, Content = $"restored {System.Net.WebUtility.HtmlEncode(copy.DeletedName)}" },
            ignorePermissions: true,
            cancellationToken);
        return document.Name;
    }
}
