using Microservices.Data.Permissions;
using Microservices.Data.Queries;
using Microservices.Documents;

namespace Microservices;

public sealed partial class Microservice
{
    private readonly QueryConditions _queryConditions = new();
    private readonly PermissionChecks _permissionChecks = new();

    /// <summary>
    /// Adds conditions to every list, count and export of a DocType, or of every DocType with <see cref="Hooks.AnyDocType"/>, as Frappe's hook
    /// <c>permission_query_conditions</c>. What is shared with the caller is listed without them, and administrators are not asked.
    /// </summary>
    /// <param name="docType">The DocType.</param>
    /// <param name="conditions">The conditions for a caller, all of which must hold; none leaves the list as it is.</param>
    public Microservice PermissionQueryConditions(string docType, Func<PermissionQuery, ValueTask<IEnumerable<Filter>>> conditions)
    {
        _queryConditions.Add(docType, conditions);
        return this;
    }

    /// <inheritdoc cref="PermissionQueryConditions(string, Func{PermissionQuery, ValueTask{IEnumerable{Filter}}})"/>
    public Microservice PermissionQueryConditions(string docType, Func<PermissionQuery, IEnumerable<Filter>> conditions) =>
        PermissionQueryConditions(docType, query => ValueTask.FromResult(conditions(query)));

    /// <summary>
    /// Checks every use of a document beside the permissions of its DocType, as Frappe's hook <c>has_permission</c>: false refuses, true leaves it to the
    /// other rules. Administrators are not asked. Lists are narrowed by <c>PermissionQueryConditions</c>: say the same there.
    /// </summary>
    public Microservice HasPermission(string docType, Func<PermissionCheck, ValueTask<bool>> check)
    {
        _permissionChecks.Add(docType, check);
        return this;
    }

    /// <inheritdoc cref="HasPermission(string, Func{PermissionCheck, ValueTask{bool}})"/>
    public Microservice HasPermission(string docType, Func<PermissionCheck, bool> check) =>
        HasPermission(docType, question => ValueTask.FromResult(check(question)));
}
