using Microservices.DocTypes;
using Microservices.Security;

namespace Microservices.Documents;

/// <summary>What one save of a document of a DocType with <c>track_changes</c> changed. Who and when are its <c>owner</c> and <c>creation</c>.</summary>
[DocType("Version", Description = "What one save of a document changed")]
[Permission("System Manager", Rights.Read | Rights.Export | Rights.Report)]
[Permission(DocumentRoles.Reader, Rights.Read)]
public sealed class DocumentVersion : Document, IAttachedRecord
{
    /// <summary>The DocType of the document.</summary>
    [Field(Required = true)]
    public string RefDoctype { get; set; } = "";

    /// <summary>The document.</summary>
    [Field(Required = true, Index = true, Length = StandardFields.NameLength)]
    public string Docname { get; set; } = "";

    /// <summary>The changes, as JSON in Frappe's form: <c>changed</c>, <c>added</c>, <c>removed</c> and <c>row_changed</c>. Fields of permission level 0 only.</summary>
    [FrappeType(FieldType.Code)]
    public string? Data { get; set; }

    /// <summary>The changes of fields above level 0, by level: what a reader may see of them is added to <see cref="Data"/> when the version is read.</summary>
    [FrappeType(FieldType.Code), Field(PermLevel = AttachedRecords.NobodysLevel, Hidden = true)]
    public string? Restricted { get; set; }

    string IAttachedRecord.DocTypeField => "ref_doctype";

    string IAttachedRecord.NameField => "docname";
}
