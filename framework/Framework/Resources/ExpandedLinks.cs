using Microservices.Data;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Errors;
using Microservices.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Resources;

/// <summary>
/// The documents that a document and its rows link to, for an answer that holds them in place of their names: <c>expand_links=1</c>. What the caller may not
/// read, and what is of another service, stays a name.
/// </summary>
internal sealed class ExpandedLinks
{
    private const string Parameter = "expand_links";
    private const int MaxDocuments = 100;

    private readonly Dictionary<(DocType DocType, string Name), (Document Document, Access Access)?> _found = [];

    /// <summary>Whether a request asks for them.</summary>
    /// <exception cref="DataException">The parameter is neither true nor false.</exception>
    public static bool Wanted(HttpContext context) => context.Request.Query[Parameter].ToString().ToLowerInvariant() switch
    {
        "" or "0" or "false" => false,
        "1" or "true" => true,
        var text => throw new DataException($"{Parameter} is true or false, not {text}"),
    };

    /// <summary>Loads them.</summary>
    /// <exception cref="DataException">There are more than an answer holds.</exception>
    public static async ValueTask<ExpandedLinks> LoadAsync(TenantDb db, Document document, Access access, CancellationToken cancellationToken)
    {
        var links = new ExpandedLinks();
        await links.AddAsync(db, document, access, cancellationToken);
        foreach (var table in document.DocType!.Tables.Where(access.CanRead))
        {
            foreach (Document row in table.Rows(document))
            {
                await links.AddAsync(db, row, access, cancellationToken);
            }
        }

        return links;
    }

    /// <summary>What a field of a document links to; null when it stays a name.</summary>
    public (Document Document, Access Access)? Find(DocField column, string name) =>
        column.Target is { } target ? _found.GetValueOrDefault((target, name)) : null;

    private async ValueTask AddAsync(TenantDb db, Document holder, Access access, CancellationToken cancellationToken)
    {
        foreach (var link in holder.DocType!.Links)
        {
            if (link.Target is not { Definition: { IsVirtual: false, IsTable: false } } target || !access.CanRead(link) || link.Get(holder) is not string { Length: > 0 } name || _found.ContainsKey((target, name)))
            {
                continue;
            }

            if (_found.Count == MaxDocuments)
            {
                throw new DataException($"{Parameter} takes at most {MaxDocuments} linked documents");
            }

            _found[(target, name)] = await ReadAsync(db, target, name, cancellationToken);
        }
    }

    private static async ValueTask<(Document Document, Access Access)?> ReadAsync(TenantDb db, DocType docType, string name, CancellationToken cancellationToken)
    {
        if (!Access.Of(db.User, docType).MayHave(Rights.Read) || await DocumentReader.LoadAsync(db, docType, name, forUpdate: false, cancellationToken) is not { } document)
        {
            return null;
        }

        var permissions = db.Services.GetRequiredService<DocumentPermissions>();
        return (await permissions.DecideAsync(db, Rights.Read, document, cancellationToken)).IsAllowed ? (document, Access.Of(db.User, docType)) : null;
    }
}
