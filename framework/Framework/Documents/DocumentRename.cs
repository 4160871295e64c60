namespace Microservices.Documents;

/// <summary>What a rename does, for the events around it.</summary>
public sealed class DocumentRename
{
    /// <summary>What the document was called.</summary>
    public required string OldName { get; init; }

    /// <summary>What it will be called. <see cref="DocumentEvent.BeforeRename"/> may change it; later changes have no effect.</summary>
    public required string NewName { get; set; }

    /// <summary>Whether it becomes part of the document that has the new name.</summary>
    public bool IsMerge { get; init; }
}
