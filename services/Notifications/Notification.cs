namespace Notifications;

[DocType(Description = "Something a user should know.")]
[Permission("System Manager", Rights.All)]
[Permission("All", Rights.Create)]
[Permission("All", Rights.Read | Rights.Write | Rights.Delete, IfOwner = true)]
public sealed class Notification : Document
{
    [Field(Required = true)]
    public string Subject { get; set; } = "";

    [Text]
    public string? Message { get; set; }

    [Field(Index = true)]
    public string? DocumentType { get; set; }

    [Field(Index = true)]
    public string? DocumentName { get; set; }

    /// <summary>Whether the user has seen it.</summary>
    public bool Read { get; set; }
}
