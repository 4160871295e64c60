using Microservices.Data.Dialects;

namespace Microservices.Data;

/// <summary>What has been counted of one key, and when its count starts anew.</summary>
internal readonly record struct Tally(long Count, DateTime Until);

/// <summary>
/// Rows that are written and cleared away by single statements, outside the lifecycle: no event, no check, no version. For what the
/// service itself keeps and no API serves for writing, such as counters and logs.
/// </summary>
public sealed partial class TenantDb
{
    private const int MaxDeletedAtOnce = 1000;

    /// <summary>
    /// Counts one more in a row of a DocType that has the fields <c>count</c> and <c>until</c>: the first of a key, and the first after
    /// <c>until</c>, begin a count that lasts for a window. One statement, so that callers in all processes count one by one in one round trip.
    /// </summary>
    internal async ValueTask<Tally> CountOneAsync(string docType, string name, TimeSpan window, CancellationToken cancellationToken)
    {
        var now = Now;

        // The count is decided before the time that it is decided by: MariaDB assigns from left to right.
        var sql = $"""
            insert into {SqlDialect.Quote(DocTypes.Get(docType).TableName)} (`tenant_id`,`name`,`owner`,`modified_by`,`creation`,`modified`,`count`,`until`)
            values (@p0,@p1,@p2,@p2,@p3,@p3,1,@p4) {_unitOfWork.Dialect.OrUpdate}
            `count`=case when `until`<=@p3 then 1 else `count`+1 end,`until`=case when `until`<=@p3 then @p4 else `until` end
            returning `count`,`until`
            """;
        await using var result = await _unitOfWork.WriteAsync(sql, new object?[] { Tenant.Id, name, User.Name, now, now + window }, cancellationToken);
        if (!result.Read())
        {
            throw new InvalidOperationException("The counter did not answer.");
        }

        var tally = new Tally(result.Row.GetInt64(0), _unitOfWork.Dialect.GetDateTime(result.Row, 1));
        result.Read(); // to the end: only then it is committed
        return tally;
    }

    /// <summary>
    /// Deletes the rows whose time in a field is over, in pieces that each end well before the limit of a statement; outside a transaction each is kept for
    /// itself. Returns how many there were.
    /// </summary>
    /// <exception cref="ArgumentException">The DocType has no such field.</exception>
    internal async ValueTask<int> DeleteBeforeAsync(string docType, string field, DateTime time, CancellationToken cancellationToken)
    {
        var found = DocTypes.Get(docType);
        var column = found.Column(field) ?? throw new ArgumentException($"{docType} has no field '{field}'.", nameof(field));
        var table = SqlDialect.Quote(found.TableName);

        // MariaDB takes no limit in the list of IN itself, SQLite none in DELETE.
        var sql = $"""
            delete from {table} where `tenant_id`=@p0 and `name` in
            (select `name` from (select `name` from {table} where `tenant_id`=@p0 and {SqlDialect.Quote(column.Name)}<@p1 limit {MaxDeletedAtOnce}) as `piece`)
            """;
        var values = new object?[] { Tenant.Id, time };
        var (deleted, rows) = (0, 0);
        do
        {
            await using var transaction = await _unitOfWork.BeginAsync(cancellationToken);
            rows = await _unitOfWork.ExecuteAsync(sql, values);
            await transaction.CompleteAsync(cancellationToken);
            deleted += rows;
        }
        while (rows == MaxDeletedAtOnce);
        return deleted;
    }
}
