using Microservices.Data;
using Microservices.Data.Permissions;
using Microservices.Data.Queries;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Resources.Lists;

/// <summary>What permissions make of a list before its statement is built.</summary>
internal static class ListPermissions
{
    /// <summary>The query with the conditions that the service sets for the caller, and as whom the caller lists.</summary>
    public static async ValueTask<(ListQuery Query, CurrentUser Lister)> ApplyAsync(TenantDb db, DocType docType, ListQuery query, CancellationToken cancellationToken)
    {
        query = await db.Services.GetRequiredService<QueryConditions>().ApplyAsync(db, docType, query, cancellationToken);
        return (query, await AttachedRecords.ListerAsync(db, docType, query.Filters, cancellationToken));
    }
}
