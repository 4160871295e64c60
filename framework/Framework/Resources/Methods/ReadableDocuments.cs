using Microservices.Data;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Errors;
using Microservices.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Resources.Methods;

/// <summary>Loads documents for a caller.</summary>
internal static class ReadableDocuments
{
    /// <summary>Loads a document on which the caller has a right.</summary>
    /// <exception cref="DoesNotExistException">This tenant has no such document.</exception>
    /// <exception cref="PermissionException">The caller has not the right.</exception>
    public static async ValueTask<(Document Document, Access Access)> LoadAsync(TenantDb db, DocType docType, string name, Rights right, CancellationToken cancellationToken)
    {
        if (docType.Definition.IsTable)
        {
            throw new PermissionException($"{docType.Name} holds rows of other documents: read it through them");
        }

        // Who may not do it to any document learns nothing of which there are. What hangs on a document has the rights of that document.
        if (!AttachedRecords.Are(docType))
        {
            Access.Of(db.User, docType).Require(right);
        }

        var document = await DocumentReader.LoadAsync(db, docType, name, forUpdate: false, cancellationToken) ?? throw DocumentStore.NotFound(docType, name);
        var access = await db.Services.GetRequiredService<DocumentPermissions>().RequireAsync(db, right, document, cancellationToken);
        await ShownRecords.ShowToAsync(db, db.Services.GetRequiredService<DocumentPermissions>(), document, cancellationToken);

        return (document, access);
    }
}
