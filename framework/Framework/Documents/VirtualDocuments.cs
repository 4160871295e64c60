using Microservices.Data;
using Microservices.Data.Queries;
using Microservices.DocTypes;
using Microservices.Errors;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Documents;

/// <summary>
/// The documents of a virtual DocType, which has no table: another system's, or computed ones. Permissions, events and the rules of fields hold for them as for any
/// others; what they are and where they are kept is this class's to say. One instance serves one operation, and its constructor may take services.
/// </summary>
/// <remarks>Whatever it reads and writes must be that of <see cref="TenantDb.Tenant"/> alone: no table does that for it.</remarks>
public abstract class VirtualDocuments
{
    /// <summary>The documents that a list asks for. Its filters, order and page are this method's to apply; the caller's permissions are applied to what it returns.</summary>
    public abstract Task<IReadOnlyList<Document>> ListAsync(TenantDb db, ListQuery query, CancellationToken cancellationToken);

    /// <summary>One document, made with <see cref="TenantDbDocuments.NewDoc"/>; null when the tenant has none of that name.</summary>
    public abstract Task<Document?> GetAsync(TenantDb db, string name, CancellationToken cancellationToken);

    /// <summary>Keeps a new document. The default refuses.</summary>
    public virtual Task InsertAsync(TenantDb db, Document document, CancellationToken cancellationToken) => throw Refused(document, "created");

    /// <summary>Keeps a changed document. The default refuses.</summary>
    /// <param name="db">The database of the tenant.</param>
    /// <param name="document">As it shall be.</param>
    /// <param name="before">As <see cref="GetAsync"/> gave it.</param>
    /// <param name="cancellationToken">Ends when the client has gone away.</param>
    public virtual Task UpdateAsync(TenantDb db, Document document, Document before, CancellationToken cancellationToken) => throw Refused(document, "changed");

    /// <summary>Deletes a document. The default refuses.</summary>
    public virtual Task DeleteAsync(TenantDb db, Document document, CancellationToken cancellationToken) => throw Refused(document, "deleted");

    /// <summary>Makes the handler of a virtual DocType.</summary>
    internal static VirtualDocuments Of(TenantDb db, DocType docType) => (VirtualDocuments)ActivatorUtilities.CreateInstance(
        db.Services, docType.Definition.VirtualClass ?? throw new ValidationException($"{docType.Name} is virtual: it has no table, and this service gives it no handlers"));

    /// <summary>Marks a document that a handler gave as one that is there.</summary>
    internal static Document Stored(DocType docType, Document document)
    {
        document.AttachTo(docType);
        document.IsNew = false;
        return document;
    }

    private static ValidationException Refused(Document document, string what) => new($"A {document.DocType!.Name} cannot be {what} here");
}
