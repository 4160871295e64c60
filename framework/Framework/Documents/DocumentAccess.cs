using Microservices.Data;
using Microservices.DocTypes;
using Microservices.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Documents;

/// <summary>Whether the caller has a right on one stored document.</summary>
internal static class DocumentAccess
{
    /// <summary>False, too, for a document that is not there or whose DocType this service does not have.</summary>
    public static async ValueTask<bool> MayAsync(TenantDb db, string docType, string name, Rights right, CancellationToken cancellationToken)
    {
        if (db.DocTypes.Find(docType) is not { Definition.IsTable: false } found || !Access.Of(db.User, found).MayHave(right))
        {
            return false;
        }

        return await DocumentReader.LoadAsync(db, found, name, forUpdate: false, cancellationToken) is { } document
            && (await db.Services.GetRequiredService<DocumentPermissions>().DecideAsync(db, right, document, cancellationToken)).IsAllowed;
    }
}
