using Microservices.Data;
using Microservices.DocTypes;

namespace Microservices.Documents;

/// <summary>Loads whole documents.</summary>
internal static class DocumentReader
{
    /// <summary>Loads a document and its rows; null when this tenant has none of that name. A Single that was never saved has its defaults and is new.</summary>
    /// <param name="db">The database.</param>
    /// <param name="docType">The DocType.</param>
    /// <param name="name">The name.</param>
    /// <param name="forUpdate">Whether to keep others from changing it until the transaction ends.</param>
    /// <param name="cancellationToken">Ends the wait for a session.</param>
    public static async ValueTask<Document?> LoadAsync(TenantDb db, DocType docType, string name, bool forUpdate, CancellationToken cancellationToken)
    {
        if (docType.Definition.IsVirtual)
        {
            return await VirtualDocuments.Of(db, docType).GetAsync(db, name, cancellationToken) is { } found ? VirtualDocuments.Stored(docType, found) : null;
        }

        var sql = DocTypeSql.Of(docType).SelectOne + (forUpdate ? db.UnitOfWork.Dialect.ForUpdate : "");
        Document document;
        await using (var result = await db.UnitOfWork.QueryAsync(sql, new object?[] { db.Tenant.Id, name }, cancellationToken))
        {
            if (!result.Read())
            {
                return IsSingle(docType, name) ? Unsaved(db, docType) : null;
            }

            document = Materialize(db, docType, result);
        }

        foreach (var table in docType.Tables)
        {
            var rows = new List<Document>();
            await using var result = await db.UnitOfWork.QueryAsync(
                DocTypeSql.Of(table.Child).SelectRows, new object?[] { db.Tenant.Id, document.Name, docType.Name, table.Name }, cancellationToken);
            while (result.Read())
            {
                rows.Add(Materialize(db, table.Child, result));
            }

            table.SetRows(document, rows);
        }

        return document;
    }

    /// <summary>A copy that later changes of the original do not touch.</summary>
    public static Document Copy(Document document)
    {
        var docType = document.DocType!;
        var copy = Document.Create(docType);
        copy.IsNew = document.IsNew;
        foreach (var column in docType.Columns)
        {
            column.Set(copy, column.Get(document));
        }

        foreach (var table in docType.Tables)
        {
            table.SetRows(copy, table.Rows(document).Cast<Document>().Select(Copy));
        }

        return copy;
    }

    /// <summary>Whether a name is that of the one document of a Single.</summary>
    public static bool IsSingle(DocType docType, string name) => docType.Definition.IsSingle && name == docType.Name;

    private static Document Unsaved(TenantDb db, DocType docType)
    {
        var document = Document.Create(docType);
        DocumentDefaults.Apply(document, db);
        document.Name = docType.Name;
        return document;
    }

    private static Document Materialize(TenantDb db, DocType docType, QueryResult result)
    {
        var document = Document.Create(docType);
        document.IsNew = false;
        foreach (var column in docType.Columns)
        {
            column.Set(document, db.UnitOfWork.Dialect.Read(result.Row, column.Ordinal, column.Kind));
        }

        PasswordVault.Hide(document);

        return document;
    }
}
