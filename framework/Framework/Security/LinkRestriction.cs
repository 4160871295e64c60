using System.Collections.Frozen;
using System.Collections.Immutable;
using Microservices.DocTypes;

namespace Microservices.Security;

/// <summary>What user permissions demand of one field: the name of a document, or a link.</summary>
/// <param name="Field">The field.</param>
/// <param name="Target">The DocType whose documents are restricted, when it is one of this service.</param>
/// <param name="Allow">Its name.</param>
/// <param name="Values">The documents that are allowed.</param>
/// <param name="Branches">Those of them whose descendants in a tree are allowed too.</param>
/// <param name="MayBeEmpty">Whether a link without a value passes.</param>
internal sealed record LinkRestriction(DocField Field, DocType? Target, string Allow, FrozenSet<string> Values, ImmutableArray<string> Branches, bool MayBeEmpty)
{
    /// <summary>The restrictions of a DocType's fields under the rules of a user.</summary>
    /// <param name="docType">The DocType whose fields are looked at: a document's, or its rows'.</param>
    /// <param name="of">The DocType of the document.</param>
    /// <param name="rules">The rules.</param>
    public static ImmutableArray<LinkRestriction> For(DocType docType, DocType of, UserRules rules)
    {
        if (rules.Restrictions.IsEmpty)
        {
            return [];
        }

        var found = ImmutableArray.CreateBuilder<LinkRestriction>();
        foreach (var group in rules.Restrictions.Where(rule => UserRules.Counts(rule, of.Name)).GroupBy(rule => rule.Allow, StringComparer.Ordinal))
        {
            // Names compare without case in the database, and so do the links to them.
            var values = group.Select(rule => rule.Value).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
            if (group.Key == docType.Name)
            {
                found.Add(new LinkRestriction(docType.NameField, docType, group.Key, values, BranchesOf(group, docType), MayBeEmpty: false));
            }

            foreach (var link in docType.Links.Where(link => link.Definition.Options == group.Key && !link.Definition.IgnoreUserPermissions))
            {
                found.Add(new LinkRestriction(link, link.Target, group.Key, values, BranchesOf(group, link.Target), !rules.IsStrict));
            }
        }

        return found.ToImmutable();
    }

    private static ImmutableArray<string> BranchesOf(IEnumerable<UserRestriction> rules, DocType? target) =>
        target?.Definition.IsTree == true ? [.. rules.Where(rule => !rule.HidesDescendants).Select(rule => rule.Value)] : [];
}
