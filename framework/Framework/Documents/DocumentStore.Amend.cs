using Microservices.Data;
using Microservices.DocTypes;
using Microservices.Errors;

namespace Microservices.Documents;

internal sealed partial class DocumentStore
{
    /// <summary>Gives up a draft: it becomes cancelled without ever having been submitted. Needs the right to write.</summary>
    /// <exception cref="DocstatusTransitionException">The document is no draft, or its DocType has no such states.</exception>
    public async Task<Document> DiscardAsync(TenantDb db, DocType docType, string name, bool ignorePermissions, CancellationToken cancellationToken)
    {
        RefuseRow(docType);
        await using var transaction = await db.UnitOfWork.BeginAsync(cancellationToken);
        var document = await DocumentReader.LoadAsync(db, docType, name, forUpdate: true, cancellationToken) ?? throw NotFound(docType, name);
        if (!ignorePermissions)
        {
            await permissions.RequireAsync(db, Rights.Write, document, cancellationToken);
        }

        if (!docType.Definition.IsSubmittable || document.DocStatus is not DocStatus.Draft)
        {
            throw new DocstatusTransitionException($"Only a draft can be discarded: {docType.Name} {document.Name} is {document.DocStatus}");
        }

        var before = DocumentReader.Copy(document);
        var lifecycle = Lifecycle.Of(hooks, controllers, new DocumentContext(document, before, docType, db, cancellationToken));
        await lifecycle.RaiseAsync(DocumentEvent.BeforeDiscard);
        document.DocStatus = DocStatus.Cancelled;
        Protect(document, before, db);
        PrepareRows(document, db);
        DocumentValidator.Check(document, before, changesOnly: true);
        await WriteAllAsync(db, document, before, cancellationToken);

        await lifecycle.RaiseAsync(DocumentEvent.OnChange);
        await lifecycle.RaiseAsync(DocumentEvent.OnDiscard);
        await transaction.CompleteAsync(cancellationToken);
        MarkStored(document);
        return document;
    }

    private static bool IsAmendment(Document document) =>
        document.DocType!.Definition.IsSubmittable && document.DocType.Column(ImpliedFields.AmendedFrom)?.Get(document) is not null;

    private static async ValueTask RequireCancelledAsync(TenantDb db, Document document, CancellationToken cancellationToken)
    {
        var docType = document.DocType!;
        var source = document.Text(ImpliedFields.AmendedFrom);
        if (await db.GetValueAsync(docType.Name, source, StandardFields.DocStatus, cancellationToken) is long status && status != (long)DocStatus.Cancelled)
        {
            throw new ValidationException($"{docType.Name} {source} is not cancelled: only a cancelled document can be amended");
        }
    }
}
