namespace Microservices.Documents;

/// <summary>Which rule decided.</summary>
internal enum PermissionRule
{
    /// <summary>The caller passes every rule of the tenant.</summary>
    Administrator,

    /// <summary>A role has the right.</summary>
    Role,

    /// <summary>A role has the right for own documents, and this is one.</summary>
    Owner,

    /// <summary>The document is shared with the caller.</summary>
    Share,

    /// <summary>No role of the caller has the right.</summary>
    NoRole,

    /// <summary>The right holds for own documents only, and this is another's.</summary>
    NotOwner,

    /// <summary>A user permission leaves out what the document is or links to.</summary>
    UserPermission,

    /// <summary>A check of the service refused.</summary>
    ServiceCheck,
}

/// <summary>An answer to whether a caller may do something, and why.</summary>
/// <param name="Rule">The rule that decided.</param>
/// <param name="Field">The field whose user permission refused.</param>
internal readonly record struct PermissionDecision(PermissionRule Rule, string? Field = null)
{
    /// <summary>Whether the caller may.</summary>
    public bool IsAllowed => Rule <= PermissionRule.Share;
}
