using Microservices.Data;
using Microservices.DocTypes;
using Microservices.Errors;

namespace Microservices.Documents;

/// <summary>Tags of documents. Who may write a document tags it; who may read it sees its tags.</summary>
internal static class Tags
{
    /// <summary>Puts a tag on a document; one that it has already stays as it is.</summary>
    /// <exception cref="DoesNotExistException">The caller may not read the document.</exception>
    /// <exception cref="PermissionException">The caller may not write it.</exception>
    /// <exception cref="ValidationException">The tag is empty or too long.</exception>
    public static async Task AddAsync(TenantDb db, string docType, string name, string tag, CancellationToken cancellationToken)
    {
        tag = tag.Trim();
        await RequireAsync(db, docType, name, cancellationToken);
        await db.TransactionAsync(
            async () =>
            {
                var document = await db.GetDocAsync(docType, name, cancellationToken);
                if ((await FindAsync(db, docType, document.Name, tag, cancellationToken)).Count == 0)
                {
                    var link = new TagLink { DocumentType = docType, DocumentName = document.Name, Tag = tag, Title = TitleOf(document) };
                    await db.InsertAsync(link, ignorePermissions: true, cancellationToken);
                }
            },
            cancellationToken);
    }

    /// <summary>Takes a tag off a document; one that it has not is no error.</summary>
    /// <exception cref="DoesNotExistException">The caller may not read the document.</exception>
    /// <exception cref="PermissionException">The caller may not write it.</exception>
    public static async Task RemoveAsync(TenantDb db, string docType, string name, string tag, CancellationToken cancellationToken)
    {
        await RequireAsync(db, docType, name, cancellationToken);
        await db.TransactionAsync(
            async () =>
            {
                foreach (var link in await FindAsync(db, docType, name, tag.Trim(), cancellationToken))
                {
                    await db.DeleteAsync("Tag Link", link.Get<string>(StandardFields.Name)!, ignorePermissions: true, cancellationToken);
                }
            },
            cancellationToken);
    }

    /// <summary>The tags of a document, in the order they were put on.</summary>
    /// <exception cref="DoesNotExistException">The caller may not read the document.</exception>
    public static async Task<IReadOnlyList<string>> ListAsync(TenantDb db, string docType, string name, CancellationToken cancellationToken)
    {
        if (!await DocumentAccess.MayAsync(db, docType, name, Rights.Read, cancellationToken))
        {
            throw new DoesNotExistException($"{docType} {name} not found");
        }

        return await OfAsync(db, docType, name, cancellationToken);
    }

    /// <summary>The tags of a document that the caller is known to read.</summary>
    public static async Task<IReadOnlyList<string>> OfAsync(TenantDb db, string docType, string name, CancellationToken cancellationToken)
    {
        var links = await db.GetAllAsync(
            "Tag Link",
            new() { Fields = ["tag"], Filters = [new("document_type", docType), new("document_name", name)], OrderBy = "creation, name", Limit = int.MaxValue },
            cancellationToken);
        return [.. links.Select(link => link.Get<string>("tag")!)];
    }

    private static async ValueTask RequireAsync(TenantDb db, string docType, string name, CancellationToken cancellationToken)
    {
        if (!await DocumentAccess.MayAsync(db, docType, name, Rights.Write, cancellationToken))
        {
            throw await DocumentAccess.MayAsync(db, docType, name, Rights.Read, cancellationToken)
                ? new PermissionException($"No permission to write {docType}")
                : new DoesNotExistException($"{docType} {name} not found");
        }
    }

    private static Task<IReadOnlyList<Row>> FindAsync(TenantDb db, string docType, string name, string tag, CancellationToken cancellationToken) =>
        db.GetAllAsync("Tag Link", new() { Filters = [new("document_type", docType), new("document_name", name), new("tag", tag)] }, cancellationToken);

    private static string? TitleOf(Document document) =>
        document.DocType!.Definition.TitleField is { Length: > 0 } field && document.DocType.Column(field) is { PermLevel: 0, Definition.Type: FieldType.Data } column ? column.Get(document) as string : null;
}
