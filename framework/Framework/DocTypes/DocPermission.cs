namespace Microservices.DocTypes;

/// <summary>The rights of Frappe's role permissions.</summary>
[Flags]
public enum Rights
{
#pragma warning disable CS1591 // The names are Frappe's.
    None = 0,
    Select = 1,
    Read = 1 << 1,
    Write = 1 << 2,
    Create = 1 << 3,
    Delete = 1 << 4,
    Submit = 1 << 5,
    Cancel = 1 << 6,
    Amend = 1 << 7,
    Print = 1 << 8,
    Email = 1 << 9,
    Report = 1 << 10,
    Import = 1 << 11,
    Export = 1 << 12,
    Share = 1 << 13,
#pragma warning restore CS1591

    /// <summary>Every right.</summary>
    All = (1 << 14) - 1,
}

/// <summary>One row of a DocType's permissions: what a role may do at a permission level.</summary>
public sealed record DocPermission
{
    /// <summary>The role.</summary>
    public required string Role { get; init; }

    /// <summary>Permission level of fields; 0 is the document itself.</summary>
    public int PermLevel { get; init; }

    /// <summary>The rights hold only for documents that the user owns.</summary>
    public bool IfOwner { get; init; }

    /// <summary>The rights.</summary>
    public Rights Rights { get; init; }
}
