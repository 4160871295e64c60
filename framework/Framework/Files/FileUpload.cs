namespace Microservices.Files;

/// <summary>What is told of a file that is to be kept.</summary>
public sealed record FileUpload
{
    /// <summary>What it is called. Paths, control characters and what addresses cannot hold are taken out.</summary>
    public string FileName { get; init; } = "";

    /// <summary>Whether permissions guard it. The default is false.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>DocType of the document that it is attached to. Null: none.</summary>
    public string? DocType { get; init; }

    /// <summary>The document that it is attached to.</summary>
    public string? DocName { get; init; }

    /// <summary>The field of the document that shows it; recorded, not set.</summary>
    public string? FieldName { get; init; }

    /// <summary><c>Home</c> or a path below it. Null: <c>Home</c>.</summary>
    public string? Folder { get; init; }
}
