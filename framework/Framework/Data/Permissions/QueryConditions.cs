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

        var conditions = new List<Filter>();
        foreach (var (_, handler) in _registered.Where(entry => entry.DocType is "*" || entry.DocType == docType.Name))
        {
            conditions.AddRange(await handler(new PermissionQuery(db, docType, cancellationToken)));
        }

        return conditions.Count == 0 ? query : query with { PermissionConditions = conditions };
    }
}
