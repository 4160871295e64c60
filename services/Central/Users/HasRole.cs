namespace Central.Users;

/// <summary>A role that a user has.</summary>
[DocType("Has Role", IsTable = true)]
public sealed class HasRole : Document
{
    [Field(Required = true, Index = true), Link("Role")]
    public string Role { get; set; } = "";
}
