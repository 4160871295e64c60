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
    private const int MaxValues = 5000;

    /// <summary>The statement of a list, with the columns of its rows.</summary>
    /// <param name="db">The database; its tenant and its day.</param>
    /// <param name="docType">What is listed.</param>
    /// <param name="query">What was asked.</param>
    /// <param name="user">Whose permissions apply; null when code lists everything of the tenant.</param>
    /// <exception cref="DataException">The query names something that the DocType does not have.</exception>
    /// <exception cref="PermissionException">The caller may not list it, or not ask about a field.</exception>
    public static ListStatement Build(TenantDb db, DocType docType, ListQuery query, CurrentUser? user)
    {
        var scope = new QueryScope(db, docType, query, user);
        var fields = new FieldList(scope, query.Fields, db.Now);
        var columns = fields.Columns;
        var isGrouped = query.GroupBy.Length > 0 || columns.Exists(column => column.IsAggregate);
        var group = query.GroupBy.Length > 0 ? OrderKeys.Parse(scope, query.GroupBy, columns, allowDirection: false) : [];
        var order = query.OrderBy.Length > 0 ? OrderKeys.Parse(scope, query.OrderBy, columns, allowDirection: true)
            : isGrouped ? []
            : OrderKeys.Default(scope);
        var cursor = query.Cursor is null ? null
            : isGrouped ? throw new DataException("Groups have no cursor: use limit_start")
            : query.Offset > 0 ? throw new DataException("A cursor and limit_start exclude each other")
            : new ListCursor(scope, order);
        if (isGrouped && fields.Nested.Count > 0)
        {
            throw new DataException($"Groups have no rows of {fields.Nested[0].Table.Name}");
        }

        var sql = new SqlText().Append("select ");
        for (var i = 0; i < columns.Count; i++)
        {
            columns[i].AppendTo(sql.Append(i > 0 ? ", " : ""), db.UnitOfWork.Dialect);
        }

        AppendHidden(sql, scope, fields, cursor);
        var afterColumns = sql.Length;
        AppendWhere(sql, scope, query, db);
        if (cursor is not null && query.Cursor!.Length > 0)
        {
            cursor.AppendAfter(sql, query.Cursor);
        }

        AppendGroup(sql, group, db);
        var keys = cursor?.Keys ?? order;
        for (var i = 0; i < keys.Count; i++)
        {
            keys[i].AppendTo(sql.Append(i > 0 ? ", " : " order by "));
        }

        sql.Append(" limit ").Value((long)query.Limit);
        if (query.Offset > 0)
        {
            sql.Append(" offset ").Value((long)query.Offset);
        }

        AppendFrom(sql, scope, afterColumns);
        return new ListStatement
        {
            Sql = sql,
            Columns = columns,
            Nested = fields.Nested,
            NameOrdinal = columns.Count + (cursor?.Keys.Count ?? 0),
            Cursor = cursor,
            Computes = columns.Exists(column => column.IsComputed) || query.HasPatterns,
        };
    }

    /// <summary>The statement that counts what a list would hold.</summary>
    /// <param name="db">The database.</param>
    /// <param name="docType">What is counted.</param>
    /// <param name="query">Its conditions and groups; fields, order and page do not matter.</param>
    /// <param name="user">Whose permissions apply; null for all of the tenant.</param>
    /// <param name="limit">Where counting stops. Null: nowhere.</param>
    /// <param name="distinct">Whether documents are counted, however many of their child rows meet the conditions.</param>
    public static SqlText BuildCount(TenantDb db, DocType docType, ListQuery query, CurrentUser? user, int? limit = null, bool distinct = false)
    {
        var scope = new QueryScope(db, docType, query, user);
        var group = query.GroupBy.Length > 0 ? OrderKeys.Parse(scope, query.GroupBy, new FieldList(scope, query.Fields, db.Now).Columns, allowDirection: false) : [];
        var isNested = limit is not null || group.Length > 0;
        var sql = new SqlText().Append(isNested ? "select count(*) from (select " : "select ");
        if (distinct)
        {
            sql.Append(isNested ? "distinct " : "count(distinct ").Column(scope.Root.Alias, StandardFields.Name).Append(isNested ? "" : ")");
        }
        else
        {
            sql.Append(isNested ? "1" : "count(*)");
        }

        var afterColumns = sql.Length;
        AppendWhere(sql, scope, query, db);
        AppendGroup(sql, group, db);
        if (limit is { } most)
        {
            sql.Append(" limit ").Value((long)most);
        }

        AppendFrom(sql, scope, afterColumns);
        return sql.Append(isNested ? ") counted" : "");
    }

    private static void AppendHidden(SqlText sql, QueryScope scope, FieldList fields, ListCursor? cursor)
    {
        var separator = fields.Columns.Count > 0 ? ", " : "";
        for (var i = 0; i < cursor?.Keys.Count; i++)
        {
            // No field has a space in its name, so this alias hides none.
            cursor.Keys[i].Column!.Value.AppendTo(sql.Append(separator)).Append(" as ").Name($"key {i}");
            separator = ", ";
        }

        if (fields.Nested.Count > 0)
        {
            sql.Append(separator).Column(scope.Root.Alias, StandardFields.Name).Append(" as `row name`");
        }
    }

    // Which tables take part is known once everything has named its columns.
    private static void AppendFrom(SqlText sql, QueryScope scope, int position)
    {
        var end = sql.Length;
        scope.AppendFrom(sql);
        sql.MoveTail(end, position);
    }

    private static void AppendWhere(SqlText sql, QueryScope scope, ListQuery query, TenantDb db)
    {
        if (query.AllFilters.Count() > MaxConditions)
        {
            throw new DataException($"A list takes at most {MaxConditions} conditions");
        }

        scope.AppendWhere(sql);
        var own = sql.Count;
        foreach (var filter in query.Filters)
        {
            Condition.Append(sql.Append(" and "), scope, filter);
        }

        for (var i = 0; i < query.OrFilters.Count; i++)
        {
            Condition.Append(sql.Append(i == 0 ? " and (" : " or "), scope, query.OrFilters[i]);
        }

        sql.Append(query.OrFilters.Count > 0 ? ")" : "");
        if (query.Where is { } where)
        {
            Append(sql.Append(" and "), where);
        }

        // Each is a parameter of the statement, whose number databases limit and whose binding takes its time.
        if (sql.Count - own > MaxValues)
        {
            throw new DataException($"The conditions of a list hold at most {MaxValues} values");
        }

        void Append(SqlText sql, FilterExpression expression)
        {
            if (expression.Condition is { } condition)
            {
                Condition.Append(sql, scope, condition);
                return;
            }

            Append(sql.Append("("), expression.Left!);
            Append(sql.Append(expression.IsOr ? " or " : " and "), expression.Right!);
            sql.Append(")");
        }
    }

    private static void AppendGroup(SqlText sql, OrderKey[] keys, TenantDb db)
    {
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i].AppendGroup(sql.Append(i > 0 ? ", " : " group by "), db.UnitOfWork.Dialect);
        }
    }
}
