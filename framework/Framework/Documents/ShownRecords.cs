using Microservices.Data;

namespace Microservices.Documents;

/// <summary>The records that hold other documents' values: whoever reads one sees of them what they may see of the document.</summary>
internal static class ShownRecords
{
    /// <summary>Whether documents of a DocType are such records, so that none is answered straight from the database.</summary>
    public static bool Are(DocTypes.DocType docType) => docType.DocumentClass == typeof(DeletedDocument);

    /// <summary>Prepares a record that was read for its reader; does nothing to any other document.</summary>
    public static ValueTask ShowToAsync(TenantDb db, DocumentPermissions permissions, Document record, CancellationToken cancellationToken)
    {
        if (record is DocumentVersion version)
        {
            VersionData.ShowTo(db, version);
        }

        return record is DeletedDocument deleted ? DeletedDocuments.ShowToAsync(db, permissions, deleted, cancellationToken) : default;
    }
}
