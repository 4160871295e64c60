using Microservices.DocTypes;

namespace Microservices.Documents;

/// <summary>
/// What a document was when it was deleted; <c>owner</c> and <c>creation</c> say by whom and when. Its content is shown to a System Manager as far as the document would be.
/// </summary>
[DocType("Deleted Document", Description = "What a document was when it was deleted")]
[Permission("System Manager", Rights.Read | Rights.Delete | Rights.Export | Rights.Report)]
public sealed class DeletedDocument : Document
{
    /// <summary>The DocType of the document.</summary>
    [Field(Required = true, Index = true)]
    public string DeletedDoctype { get; set; } = "";

    /// <summary>What it was called.</summary>
    [Field(Required = true, Index = true)]
    public string DeletedName { get; set; } = "";

    /// <summary>The document as JSON, without passwords: what its reader may see, put here when it is read.</summary>
    [FrappeType(FieldType.Code)]
    public string? Data { get; set; }

    /// <summary>All of it, which nobody is shown.</summary>
    [FrappeType(FieldType.Code), Field(PermLevel = AttachedRecords.NobodysLevel, Hidden = true)]
    public string? Stored { get; set; }

    /// <summary>Whether its content was too large to be kept, so that nothing but this record is left of it.</summary>
    public bool TooLarge { get; set; }

    /// <summary>Whether it has been restored.</summary>
    public bool Restored { get; set; }

    /// <summary>What it is called since then.</summary>
    public string? NewName { get; set; }
}
