using Microservices.DocTypes;
using Microservices.Security;

namespace Microservices.Documents;

/// <summary>What somebody said about a document. Whoever may read the document may comment on it; a comment is its author's to change.</summary>
[DocType(Description = "What somebody said about a document")]
[Permission("System Manager", Rights.All)]
[Permission(DocumentRoles.Reader, Rights.Read | Rights.Create)]
[Permission(DocumentRoles.Reader, Rights.Write | Rights.Delete, IfOwner = true)]
public sealed class Comment : Document, IAttachedRecord
{
    /// <summary>What kind of remark it is.</summary>
    [Field(Required = true, Default = "Comment")]
    [Select("Comment", "Like", "Info", "Label", "Workflow", "Created", "Submitted", "Cancelled", "Updated", "Deleted", "Assigned", "Assignment Completed", "Attachment", "Attachment Removed", "Shared", "Unshared", "Bot", "Relinked", "Edit")]
    public string CommentType { get; set; } = "";

    /// <summary>The author's address: always the caller's.</summary>
    public string? CommentEmail { get; set; }

    /// <summary>The author's name. Empty: the caller's user name.</summary>
    public string? CommentBy { get; set; }

    /// <summary>The DocType of the document.</summary>
    [Field(Required = true, SetOnlyOnce = true)]
    public string ReferenceDoctype { get; set; } = "";

    /// <summary>The document.</summary>
    [Field(Required = true, SetOnlyOnce = true, Index = true)]
    public string ReferenceName { get; set; } = "";

    /// <summary>What is said; HTML is cleaned.</summary>
    [FrappeType(FieldType.HtmlEditor)]
    public string? Content { get; set; }

    string IAttachedRecord.DocTypeField => "reference_doctype";

    string IAttachedRecord.NameField => "reference_name";

    /// <inheritdoc/>
    protected override ValueTask BeforeInsert(DocumentContext context)
    {
        CommentEmail = context.User.Name;
        CommentBy ??= context.User.Name;
        return default;
    }
}
