using Microservices.Data.Permissions;
using Microservices.DocTypes;
using Microservices.Errors;
using Microservices.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microservices.Documents;

/// <summary>A document that is shared with a user, or with everyone of the tenant. Whoever shares must have the right to, and each right given.</summary>
[DocType("DocShare", Description = "A document that is shared with a user or with everyone of the tenant")]
[Permission("System Manager", Rights.All)]
[Permission(DocumentRoles.Reader, Rights.Read | Rights.Write | Rights.Create | Rights.Delete)]
public sealed class DocShare : PermissionRecord, IAttachedRecord
{
    /// <summary>Whom it is shared with; empty when with everyone.</summary>
    [Field(Index = true)]
    public string? User { get; set; }

    /// <summary>Whether it is shared with everyone of the tenant.</summary>
    public bool Everyone { get; set; }

    /// <summary>The DocType of the document.</summary>
    [Field(Required = true, SetOnlyOnce = true)]
    public string ShareDoctype { get; set; } = "";

    /// <summary>The document.</summary>
    [Field(Required = true, SetOnlyOnce = true, Index = true)]
    public string ShareName { get; set; } = "";

    /// <summary>May read it; every share gives this.</summary>
    public bool Read { get; set; } = true;

    /// <summary>May change it.</summary>
    public bool Write { get; set; }

    /// <summary>May submit it.</summary>
    public bool Submit { get; set; }

    /// <summary>May share it on.</summary>
    public bool Share { get; set; }

    string IAttachedRecord.DocTypeField => "share_doctype";

    string IAttachedRecord.NameField => "share_name";

    /// <summary>The rights it gives.</summary>
    internal Rights Given => Rights.Read | (Write ? Rights.Write : 0) | (Submit ? Rights.Submit : 0) | (Share ? Rights.Share : 0);

    /// <inheritdoc/>
    protected override async ValueTask Validate(DocumentContext context)
    {
        if (IsGain(context.Stored as DocShare) && context.Services.GetRequiredService<IOptions<PermissionOptions>>().Value.DisableSharing)
        {
            throw new PermissionException("Documents are not shared here");
        }

        Read = true;
        if (Everyone == !string.IsNullOrEmpty(User))
        {
            throw new ValidationException("A document is shared with a user or with everyone");
        }

        var document = await context.Db.GetDocAsync(ShareDoctype, ShareName, context.CancellationToken);
        ShareName = document.Name;
        await RequireAsync(context, document, Given);
        var others = await context.Db.GetAllAsync(
            "DocShare", new() { Fields = ["user", "everyone"], Filters = [new("share_doctype", ShareDoctype), new("share_name", ShareName), new("name", "!=", Name)], Limit = int.MaxValue }, context.CancellationToken);
        if (others.Any(other => other["user"] as string == User && other["everyone"] is bool everyone && everyone == Everyone))
        {
            throw new DuplicateEntryException($"{ShareDoctype} {ShareName} is shared so already");
        }
    }

    /// <inheritdoc/>
    protected override async ValueTask OnTrash(DocumentContext context)
    {
        if (await DocumentReader.LoadAsync(context.Db, context.Db.DocTypes.Get(ShareDoctype), ShareName, forUpdate: false, context.CancellationToken) is { } document)
        {
            await RequireAsync(context, document, Rights.None);
        }
    }

    /// <summary>Whether somebody has a right by it that he had not by the stored one.</summary>
    private bool IsGain(DocShare? stored) => stored is null || stored.User != User || stored.Everyone != Everyone || (Given & ~stored.Given) != 0;

    private static async ValueTask RequireAsync(DocumentContext context, Document document, Rights given)
    {
        var permissions = context.Services.GetRequiredService<DocumentPermissions>();
        foreach (var right in Enum.GetValues<Rights>().Where(right => right is not (Rights.None or Rights.All) && ((given | Rights.Share) & right) != 0))
        {
            await permissions.RequireAsync(context.Db, right, document, context.CancellationToken);
        }
    }
}
