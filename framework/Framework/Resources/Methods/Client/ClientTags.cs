using Microservices.Data;
using Microservices.Documents;

namespace Microservices.Resources.Methods.Client;

/// <summary>Tags of documents, by the names that Frappe's desk calls: who may write a document tags it. <c>Tag Link</c> lists them.</summary>
internal sealed class ClientTags(ServedDocTypes served)
{
    /// <summary>Puts a tag on a document.</summary>
    /// <returns>The tag.</returns>
    public async Task<string> AddAsync(TenantDb db, string tag, string dt, string dn, CancellationToken cancellationToken)
    {
        await Tags.AddAsync(db, served.Get(dt, ResourceVerbs.Get).DocType.Name, dn, tag, cancellationToken);
        return tag;
    }

    /// <summary>Takes a tag off a document.</summary>
    public Task RemoveAsync(TenantDb db, string tag, string dt, string dn, CancellationToken cancellationToken) =>
        Tags.RemoveAsync(db, served.Get(dt, ResourceVerbs.Get).DocType.Name, dn, tag, cancellationToken);
}
