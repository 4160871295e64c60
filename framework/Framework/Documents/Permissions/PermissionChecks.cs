using Microservices.Data;
using Microservices.DocTypes;
using Microservices.Security;

namespace Microservices.Documents;

/// <summary>What a service's own check of a document is told.</summary>
/// <param name="Db">The tenant's database.</param>
/// <param name="Document">The document.</param>
/// <param name="Right">What the caller wants to do.</param>
/// <param name="CancellationToken">Ends when the client has gone.</param>
public sealed record PermissionCheck(TenantDb Db, Document Document, Rights Right, CancellationToken CancellationToken)
{
    /// <summary>Who wants it.</summary>
    public CurrentUser User => Db.User;
}

/// <summary>The checks that a service adds to those of the framework, as Frappe's hook <c>has_permission</c>: they only refuse.</summary>
internal sealed class PermissionChecks
{
    private readonly List<(string DocType, Func<PermissionCheck, ValueTask<bool>> Check)> _registered = [];

    /// <summary>The DocTypes named, for start-up checks.</summary>
    public IEnumerable<string> DocTypes => _registered.Select(entry => entry.DocType);

    public void Add(string docType, Func<PermissionCheck, ValueTask<bool>> check) => _registered.Add((docType, check));

    /// <summary>Whether documents of a DocType are checked.</summary>
    public bool Any(DocType docType) => _registered.Count > 0 && _registered.Exists(entry => Concerns(entry.DocType, docType));

    public async ValueTask<bool> PassAsync(PermissionCheck question)
    {
        foreach (var (docType, check) in _registered)
        {
            if (Concerns(docType, question.Document.DocType!) && !await check(question))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Concerns(string name, DocType docType) => name is Hooks.AnyDocType || name == docType.Name;
}
