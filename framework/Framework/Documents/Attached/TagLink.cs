using Microservices.DocTypes;
using Microservices.Security;

namespace Microservices.Documents;

/// <summary>A tag on a document.</summary>
[DocType("Tag Link", Description = "A tag on a document")]
[Permission("System Manager", Rights.Read | Rights.Export | Rights.Report)]
[Permission(DocumentRoles.Reader, Rights.Read)]
public sealed class TagLink : Document, IAttachedRecord
{
    /// <summary>The DocType of the document.</summary>
    [Field(Required = true)]
    public string DocumentType { get; set; } = "";

    /// <summary>The document.</summary>
    [Field(Required = true, Index = true)]
    public string DocumentName { get; set; } = "";

    /// <summary>The tag.</summary>
    [Field(Required = true, Index = true)]
    public string Tag { get; set; } = "";

    /// <summary>What the document was called when it was tagged.</summary>
    public string? Title { get; set; }

    string IAttachedRecord.DocTypeField => "document_type";

    string IAttachedRecord.NameField => "document_name";
}
