using System.Collections.Frozen;
using Microservices.Data.Queries;
using Microservices.DocTypes;
using Microservices.Security;

namespace Microservices.Data.Permissions;

/// <summary>What a service's own conditions of a list are told.</summary>
/// <param name="Db">The tenant's database.</param>
/// <param name="DocType">What is listed.</param>
/// <param name="CancellationToken">Ends when the client has gone.</param>
public sealed record PermissionQuery(TenantDb Db, DocType DocType, CancellationToken CancellationToken)
{
    /// <summary>Who lists.</summary>
    public CurrentUser User => Db.User;
}

/// <summary>The conditions that a service adds to every list of a DocType, as Frappe's hook <c>permission_query_conditions</c>.</summary>
internal sealed class QueryConditions
{
    private readonly List<(string DocType, Func<PermissionQuery, ValueTask<IEnumerable<Filter>>> Conditions)> _registered = [];

    /// <summary>The DocTypes named, for start-up checks.</summary>
    public IEnumerable<string> DocTypes => _registered.Select(entry => entry.DocType);

    public void Add(string docType, Func<PermissionQuery, ValueTask<IEnumerable<Filter>>> conditions) => _registered.Add((docType, conditions));

    /// <summary>The query with the conditions for its caller; the same one when there are none.</summary>
    public async ValueTask<ListQuery> ApplyAsync(TenantDb db, DocType docType, ListQuery query, CancellationToken cancellationToken)
    {
        if (_registered.Count == 0 || db.User.IsAdministrator)
        {
            return query;
        }

        Dictionary<string, IReadOnlyList<Filter>>? all = null;
        foreach (var involved in Involved(db, docType, query))
        {
            var conditions = new List<Filter>();
            foreach (var (_, handler) in _registered.Where(entry => Concerns(entry.DocType, involved)))
            {
                conditions.AddRange(await handler(new PermissionQuery(db, involved, cancellationToken)));
            }

            if (conditions.Count > 0)
            {
                (all ??= new(StringComparer.Ordinal))[involved.Name] = conditions;
            }
        }

        return all is null ? query : query with { PermissionConditions = all.ToFrozenDictionary(StringComparer.Ordinal) };
    }

    private static bool Concerns(string name, DocType docType) => name is "*" || name == docType.Name;

    private bool Any(DocType docType) => _registered.Exists(entry => Concerns(entry.DocType, docType));

    /// <summary>The DocTypes with conditions whose rows take part: the listed one or its parent, and the targets of links that the query follows.</summary>
    private IEnumerable<DocType> Involved(TenantDb db, DocType docType, ListQuery query)
    {
        var targets = docType.Links.Where(link => link.Target is { } target && Any(target) && query.Names($"{link.Name}.", $"{link.Name}`.")).Select(link => link.Target!);
        var owner = query.Parent.Length > 0 ? db.DocTypes.Find(query.Parent) : docType;
        return (owner is null || !Any(owner) ? targets : targets.Prepend(owner)).Distinct();
    }
}
