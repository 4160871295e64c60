using Microservices.DocTypes;
using Microservices.Errors;

namespace Microservices.Documents;

/// <summary>Of a DocType, one user may use only these documents and what links to them.</summary>
[DocType("User Permission", Description = "Limits a user to some documents of a DocType and to what links to them")]
[Permission("System Manager", Rights.All)]
public sealed class UserPermission : PermissionRecord
{
    /// <summary>The user's name.</summary>
    [Field(Required = true, Index = true)]
    public string User { get; set; } = "";

    /// <summary>The DocType.</summary>
    [Field(Required = true)]
    public string Allow { get; set; } = "";

    /// <summary>A document of it.</summary>
    [Field(Required = true)]
    public string ForValue { get; set; } = "";

    /// <summary>Whether it counts for every DocType that links to it.</summary>
    public bool ApplyToAllDoctypes { get; set; } = true;

    /// <summary>The only DocType it counts for, when not for all.</summary>
    public string? ApplicableFor { get; set; }

    /// <summary>Whether documents below it in a tree stay hidden.</summary>
    public bool HideDescendants { get; set; }

    /// <summary>Whether new documents link to it where they link to none. At most one for each user and DocType.</summary>
    public bool IsDefault { get; set; }

    /// <inheritdoc/>
    protected override async ValueTask Validate(DocumentContext context)
    {
        ApplicableFor = ApplyToAllDoctypes ? null : ApplicableFor;
        if (!ApplyToAllDoctypes && string.IsNullOrEmpty(ApplicableFor))
        {
            throw new MandatoryException("Applicable For: say for which DocType, or for all");
        }

        var others = await context.Db.GetAllAsync(
            "User Permission",
            new() { Fields = ["name", "user", "for_value", "applicable_for", "is_default"], Filters = [new("user", User), new("allow", Allow), new("name", "!=", Name)], Limit = int.MaxValue },
            context.CancellationToken);
        foreach (var other in others.Where(other => other["user"] as string == User && other["applicable_for"] as string == ApplicableFor))
        {
            if (other["for_value"] as string == ForValue)
            {
                throw new ValidationException($"{User} has this permission already: {other["name"]}");
            }

            if (IsDefault && other["is_default"] is true)
            {
                throw new ValidationException($"{User} has a default {Allow} already: {other["for_value"]}");
            }
        }
    }
}
