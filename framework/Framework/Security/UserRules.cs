using System.Collections.Frozen;
using System.Collections.Immutable;
using Microservices.DocTypes;

namespace Microservices.Security;

/// <summary>A user permission: of one DocType the user may use only the documents that are named, and what links to them.</summary>
/// <param name="Allow">The DocType.</param>
/// <param name="Value">A document of it.</param>
/// <param name="ApplicableFor">The only DocType it counts for; empty: all.</param>
/// <param name="HidesDescendants">Whether what is below the document in a tree stays hidden.</param>
/// <param name="IsDefault">Whether new documents link to it where they link to none.</param>
internal sealed record UserRestriction(string Allow, string Value, string ApplicableFor, bool HidesDescendants, bool IsDefault);

/// <summary>What the records of a tenant say about one user's access, beside the permission rows of the DocTypes.</summary>
internal sealed class UserRules
{
    /// <summary>Nothing.</summary>
    public static readonly UserRules None = new();

    /// <summary>User permissions.</summary>
    public ImmutableArray<UserRestriction> Restrictions { get; init; } = [];

    /// <summary>Permission rows that stand in for those of a DocType, for everybody in the tenant.</summary>
    public FrozenDictionary<string, ImmutableArray<DocPermission>> CustomRows { get; init; } = FrozenDictionary<string, ImmutableArray<DocPermission>>.Empty;

    /// <summary>The rights that are shared with the user for some document, by DocType.</summary>
    public FrozenDictionary<string, Rights> Shared { get; init; } = FrozenDictionary<string, Rights>.Empty;

    /// <summary>Whether a restricted link must have a value.</summary>
    public bool IsStrict { get; init; }

    /// <summary>The document of a DocType that a new document of another links to when it says nothing: the marked one, or the only one.</summary>
    public string? DefaultOf(string allow, string docType)
    {
        var values = Restrictions.Where(rule => rule.Allow == allow && Counts(rule, docType)).ToList();
        return values.Count == 1 ? values[0].Value : values.Find(rule => rule.IsDefault)?.Value;
    }

    /// <summary>Whether a user permission counts for a DocType.</summary>
    public static bool Counts(UserRestriction rule, string docType) => rule.ApplicableFor.Length == 0 || rule.ApplicableFor == docType;
}
