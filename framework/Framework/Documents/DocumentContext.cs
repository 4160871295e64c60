using Microservices.Data;
using Microservices.DocTypes;
using Microservices.Security;

namespace Microservices.Documents;

/// <summary>What an event is told: the document, who acts, and the open transaction.</summary>
public sealed class DocumentContext
{
    private readonly Document? _stored;

    internal DocumentContext(Document document, Document? stored, DocType docType, TenantDb db, CancellationToken cancellationToken)
    {
        Document = document;
        _stored = stored;
        DocType = docType;
        Db = db;
        CancellationToken = cancellationToken;
    }

    /// <summary>The document as it will be, or is now, stored.</summary>
    public Document Document { get; }

    /// <summary>The document as it was stored before this operation; null for a new one. Changing it has no effect.</summary>
    public Document? Before => field ??= _stored is null ? null : DocumentReader.Copy(_stored);

    /// <summary>The stored document itself, for the framework, which does not change it.</summary>
    internal Document? Stored => _stored;

    /// <summary>In <see cref="DocumentEvent.BeforeRename"/> and <see cref="DocumentEvent.AfterRename"/>: the rename. Null otherwise.</summary>
    public DocumentRename? Rename { get; internal init; }

    /// <summary>Its DocType.</summary>
    public DocType DocType { get; }

    /// <summary>The database, in the transaction of this operation.</summary>
    public TenantDb Db { get; }

    /// <summary>Who acts.</summary>
    public CurrentUser User => Db.User;

    /// <summary>Services of the running request or job.</summary>
    public IServiceProvider Services => Db.Services;

    /// <summary>Ends when the client has gone away or the service stops.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>Whether a field differs from what was stored; true for every field that has a value in a new document.</summary>
    /// <exception cref="ArgumentException">The DocType has no such field.</exception>
    public bool HasChanged(string field) => !Equals(Document[field], _stored?[field]);

    /// <summary>
    /// Runs work once the transaction has been committed and not at all when it is rolled back, such as telling another service.
    /// The answer waits for it; its failure is logged and undoes nothing.
    /// </summary>
    public void AfterCommit(Func<CancellationToken, Task> work) => Db.AfterCommit(work);
}
