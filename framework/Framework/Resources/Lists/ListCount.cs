using Microservices.Data;
using Microservices.Data.Queries;
using Microservices.DocTypes;

namespace Microservices.Resources.Lists;

/// <summary>Counts what a list would hold, within the caller's permissions.</summary>
internal static class ListCount
{
    /// <param name="db">The database, with the caller.</param>
    /// <param name="docType">What is counted.</param>
    /// <param name="query">Its conditions and groups.</param>
    /// <param name="limit">Where counting stops. Null: nowhere.</param>
    /// <param name="distinct">Whether a document counts once, however many of its child rows meet the conditions.</param>
    /// <param name="cancellationToken">Ends the wait for a session.</param>
    public static async Task<long> CountAsync(TenantDb db, DocType docType, ListQuery query, int? limit, bool distinct, CancellationToken cancellationToken)
    {
        (query, var lister) = await ListPermissions.ApplyAsync(db, docType, query, cancellationToken);
        var sql = SelectStatement.BuildCount(db, docType, query, lister, limit, distinct);
        try
        {
            await using var result = await db.UnitOfWork.QueryAsync(sql.ToString(), sql.Values, cancellationToken);
            return result.Read() ? result.Row.GetInt64(0) : 0;
        }
        catch (DatabaseException exception) when (ListStatement.IsRefusal(exception, query))
        {
            throw ListStatement.Refusal();
        }
    }
}
