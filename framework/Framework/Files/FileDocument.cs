using Microservices.DocTypes;
using Microservices.Documents;
using Microservices.Security;

namespace Microservices.Files;

/// <summary>
/// Frappe's <c>File</c>: what is told of some bytes, and the document they are attached to. It is its owner's; whoever may read the document may read it, and
/// whoever may write the document may change and delete it. Made by an upload or by <see cref="FileManager"/>.
/// </summary>
[DocType("File", Description = "A file, and the document that it is attached to", TitleField = "file_name")]
[Permission("All", Rights.Read | Rights.Write | Rights.Delete, IfOwner = true)]
[Permission(DocumentRoles.Reader, Rights.Read)]
[Permission(DocumentRoles.Writer, Rights.Write | Rights.Delete)]
public sealed class FileDocument : Document, IAttachedRecord
{
    /// <summary>What it is called.</summary>
    [Field(Required = true, Index = true)]
    public string FileName { get; set; } = "";

    /// <summary>Whether permissions guard it; otherwise whoever knows the address may read it.</summary>
    public bool IsPrivate { get; set; }

    /// <summary>Where it is read: a path of this service, or an address elsewhere.</summary>
    [Field(Required = true, ReadOnly = true, Index = true, Length = FileAddress.MaxLength)]
    public string FileUrl { get; set; } = "";

    /// <summary>The extension in capitals.</summary>
    [Field(ReadOnly = true)]
    public string? FileType { get; set; }

    /// <summary>Bytes.</summary>
    [Field(ReadOnly = true, Length = 20)]
    public long FileSize { get; set; }

    /// <summary>MD5 of the bytes, in hexadecimal.</summary>
    [Field(ReadOnly = true)]
    public string? ContentHash { get; set; }

    /// <summary>A label to sort files by, in the form of a path.</summary>
    [Field(Default = FileFolder.Home)]
    public string? Folder { get; set; }

    /// <summary>DocType of the document.</summary>
    [Field(SetOnlyOnce = true)]
    public string? AttachedToDoctype { get; set; }

    /// <summary>The document.</summary>
    [Field(SetOnlyOnce = true, Index = true)]
    public string? AttachedToName { get; set; }

    /// <summary>The field of the document that shows it.</summary>
    public string? AttachedToField { get; set; }

    /// <summary>SHA-256 of the bytes: who has the same bytes shares them.</summary>
    [Field(PermLevel = AttachedRecords.NobodysLevel, Hidden = true, Index = true)]
    public string? Digest { get; set; }

    /// <summary>Key of the bytes in the store. Null for an address elsewhere.</summary>
    [Field(PermLevel = AttachedRecords.NobodysLevel, Hidden = true, Index = true)]
    public string? StorageKey { get; set; }

    /// <summary>The id in the address of a public file.</summary>
    [Field(PermLevel = AttachedRecords.NobodysLevel, Hidden = true, Index = true)]
    public string? PublicId { get; set; }

    /// <summary>The address of a private file, at the first row that has it: no other bytes get the same.</summary>
    [Field(PermLevel = AttachedRecords.NobodysLevel, Hidden = true, Unique = true, Length = FileAddress.MaxLength)]
    public string? AddressKey { get; set; }

    /// <summary>Whether its address is being changed together with that of another row.</summary>
    [NotAField]
    internal bool FollowsAnother { get; set; }

    string IAttachedRecord.DocTypeField => "attached_to_doctype";

    string IAttachedRecord.NameField => "attached_to_name";

    /// <inheritdoc/>
    protected override ValueTask BeforeInsert(DocumentContext context)
    {
        if (StorageKey is null)
        {
            FileUrl = FileAddress.Remote(FileUrl).OriginalString;
        }

        Folder = FileFolder.Check(Folder);
        FileType = FileTypes.TypeOf(FileName);
        return default;
    }

    /// <inheritdoc/>
    protected override async ValueTask BeforeUpdate(DocumentContext context)
    {
        var before = (FileDocument)context.Before!;
        (FileType, FileSize, ContentHash) = (before.FileType, before.FileSize, before.ContentHash);
        Folder = FileFolder.Check(Folder);
        if (FollowsAnother)
        {
            return;
        }

        FileUrl = before.FileUrl;
        FileName = FileName == before.FileName ? FileName : FileNames.Clean(FileName);
        var files = FileManager.Of(context.Db);
        if (AttachedToName is not null && (AttachedToDoctype, AttachedToName) != (before.AttachedToDoctype, before.AttachedToName))
        {
            await files.RequireAttachAsync(AttachedToDoctype, AttachedToName, context.CancellationToken);
        }

        if (IsPrivate != before.IsPrivate && StorageKey is not null)
        {
            await files.MoveAsync(this, context.CancellationToken);
        }
    }

    /// <inheritdoc/>
    protected override ValueTask AfterInsert(DocumentContext context) => FileManager.Of(context.Db).RemarkAsync(this, "Attachment", context.CancellationToken);

    /// <inheritdoc/>
    protected override async ValueTask AfterDelete(DocumentContext context)
    {
        var files = FileManager.Of(context.Db);
        files.ReleaseAfterCommit(this);
        await files.RemarkAsync(this, "Attachment Removed", context.CancellationToken);
    }
}
