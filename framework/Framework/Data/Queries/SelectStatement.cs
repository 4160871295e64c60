using Microservices.DocTypes;
using Microservices.Errors;
using Microservices.Security;

namespace Microservices.Data.Queries;

/// <summary>
/// Builds the one statement of a list. Whatever was asked, the tenant stands first in its WHERE, and the caller's permissions after it.
/// </summary>
internal static class SelectStatement
{
    private const int MaxConditions = 100;

    /// <summary>The statement of a list, with the columns of its rows.</summary>
    /// <param name="docType">What is listed.</param>
    /// <param name="query">What was asked.</param>
    /// <param name="user">Whose permissions apply; null when code lists everything of the tenant.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="today">The day that named spans count from.</param>
    public static (SqlText Sql, List<SelectColumn> Columns) Build(DocType docType, ListQuery query, CurrentUser? user, Tenant tenant, DateOnly today)
    {
        var access = user is null ? null : Access.Of(user, docType);
        var columns = SelectColumn.Parse(docType, query.Fields, access);
        var sql = new SqlText().Append("select ");
        for (var i = 0; i < columns.Count; i++)
        {
            sql.Append(i > 0 ? ", " : "");
            columns[i].AppendTo(sql);
        }

        AppendFrom(sql, docType, query, tenant, access, user, today);
        AppendConditions(sql, docType, query, access, today);
        if (query.GroupBy.Length > 0)
        {
            OrderTerm.AppendGroup(sql.Append(" group by "), docType, query.GroupBy, columns, access);
        }

        if (query.OrderBy.Length > 0)
        {
            OrderTerm.AppendOrder(sql.Append(" order by "), docType, query.OrderBy, columns, access);
        }
        else if (query.GroupBy.Length == 0 && columns.All(column => column.Function.Length == 0))
        {
            sql.Append(" order by `modified` desc, `name`");
        }

        sql.Append(" limit ").Value((long)query.Limit);
        if (query.Offset > 0)
        {
            sql.Append(" offset ").Value((long)query.Offset);
        }

        return (sql, columns);
    }

    /// <summary>The statement that counts what a list would hold.</summary>
    public static SqlText BuildCount(DocType docType, ListQuery query, CurrentUser? user, Tenant tenant, DateOnly today)
    {
        var access = user is null ? null : Access.Of(user, docType);
        var sql = new SqlText().Append("select count(*)");
        AppendFrom(sql, docType, query, tenant, access, user, today);
        AppendConditions(sql, docType, query, access, today);
        return sql;
    }

    private static void AppendFrom(SqlText sql, DocType docType, ListQuery query, Tenant tenant, Access? access, CurrentUser? user, DateOnly today)
    {
        if (docType.Definition.IsVirtual)
        {
            throw new DataException($"{docType.Name} has no table to list");
        }

        sql.Append(" from ").Name(docType.TableName).Append(" where `tenant_id`=").Value(tenant.Id);
        if (access is not null)
        {
            PermissionCondition.Append(sql, docType, access, user!, query.PermissionConditions, today);
        }
    }

    private static void AppendConditions(SqlText sql, DocType docType, ListQuery query, Access? access, DateOnly today)
    {
        if (query.Filters.Count + query.OrFilters.Count > MaxConditions)
        {
            throw new DataException($"A list takes at most {MaxConditions} conditions");
        }

        foreach (var filter in query.Filters)
        {
            sql.Append(" and ");
            Append(filter);
        }

        for (var i = 0; i < query.OrFilters.Count; i++)
        {
            sql.Append(i == 0 ? " and (" : " or ");
            Append(query.OrFilters[i]);
            sql.Append(i == query.OrFilters.Count - 1 ? ")" : "");
        }

        void Append(Filter filter)
        {
            if (access is not null && docType.Column(filter.Field) is { } field && !access.CanAsk(field))
            {
                throw new PermissionException($"No permission to read field {field.Name} of {docType.Name}");
            }

            Condition.Append(sql, docType, filter, today);
        }
    }
}
