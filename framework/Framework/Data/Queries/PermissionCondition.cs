using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Numerics;
using Microservices.DocTypes;
using Microservices.Security;

namespace Microservices.Data.Queries;

/// <summary>
/// What a caller's permissions make of a list: role and owner, user permissions and the service's own conditions narrow it together; what is
/// shared with the caller is in it whatever they say.
/// </summary>
internal static class PermissionCondition
{
    private const string ShareTable = "tabDocShare";

    /// <summary>Appends the conditions, each led by <c>and</c>; nothing for whoever may see all.</summary>
    /// <param name="sql">The statement, in its WHERE or in the ON of a join.</param>
    /// <param name="scope">The tables of the statement.</param>
    /// <param name="source">The table whose rows are narrowed.</param>
    /// <param name="user">The caller.</param>
    /// <param name="conditions">The service's own conditions for the caller, by DocType.</param>
    public static void Append(SqlText sql, QueryScope scope, QuerySource source, CurrentUser user, FrozenDictionary<string, IReadOnlyList<Filter>> conditions)
    {
        var access = source.Access!;
        var right = source.Right;
        if ((access.Shared & Rights.Read) != 0)
        {
            sql.Append(" and (");
            AppendShared(sql, source, user);
            if (access.Has(right))
            {
                sql.Append(" or (1=1");
                AppendGranted(sql, scope, source, user, conditions);
                sql.Append(")");
            }

            sql.Append(")");
        }
        else if (access.Has(right))
        {
            AppendGranted(sql, scope, source, user, conditions);
        }
        else
        {
            sql.Append(" and 1=0");
        }
    }

    private static void AppendGranted(SqlText sql, QueryScope scope, QuerySource source, CurrentUser user, FrozenDictionary<string, IReadOnlyList<Filter>> conditions)
    {
        var (access, right) = (source.Access!, source.Right);
        if (access.IsOwnerOnly(right))
        {
            AppendOwner(sql.Append(" and "), source, user);
        }
        else if (!access.Restrictions.IsEmpty || access.RowRestrictions.Count > 0)
        {
            // Own documents stay visible to who may see documents because of owning them.
            sql.Append(" and (");
            if (access.HasAsOwner(right))
            {
                AppendOwner(sql, source, user);
                sql.Append(" or ");
            }

            sql.Append("(");
            AppendRestrictions(sql, source.Alias, access.Restrictions, user.Tenant);
            foreach (var (table, restrictions) in access.RowRestrictions)
            {
                AppendRows(sql.Append(access.Restrictions.IsEmpty && table == access.RowRestrictions.Keys[0] ? "" : " and "), source, source.DocType.Table(table)!, restrictions, user.Tenant);
            }

            sql.Append("))");
        }

        // The service's own conditions ask for what the caller need not see.
        foreach (var condition in conditions.GetValueOrDefault(source.DocType.Name) ?? [])
        {
            Condition.Append(sql.Append(" and "), scope, scope.Of(source, condition), condition, ListRules.V1);
        }
    }

    // Texts compare without case and accents, users do not.
    private static void AppendOwner(SqlText sql, QuerySource source, CurrentUser user) =>
        sql.Append("(").Column(source.Alias, StandardFields.Owner).Append("=").Value(user.Name)
            .Append(" and hex(").Column(source.Alias, StandardFields.Owner).Append(")=hex(").Value(user.Name).Append("))");

    // A document is not listed when one of its rows links to what the caller may not use. An outer column has no name in here but its own.
    private static void AppendRows(SqlText sql, QuerySource source, ChildTable table, ImmutableArray<LinkRestriction> restrictions, Tenant tenant)
    {
        sql.Column(source.Alias, StandardFields.Name).Append(" not in (select `parent` from ").Name(table.Child.TableName).Append(" where `tenant_id`=").Value(tenant.Id)
            .Append(" and `parenttype`=").Value(source.DocType.Name).Append(" and `parentfield`=").Value(table.Name).Append(" and not coalesce((");
        AppendRestrictions(sql, "", restrictions, tenant);
        sql.Append("),0))");
    }

    private static void AppendRestrictions(SqlText sql, string alias, ImmutableArray<LinkRestriction> restrictions, Tenant tenant)
    {
        for (var i = 0; i < restrictions.Length; i++)
        {
            AppendRestriction(sql.Append(i > 0 ? " and " : ""), alias, restrictions[i], tenant);
        }
    }

    private static void AppendRestriction(SqlText sql, string alias, LinkRestriction restriction, Tenant tenant)
    {
        sql.Append("(").Column(alias, restriction.Field.Name).Append(" in (");
        AppendValues(sql, [.. restriction.Values]);
        sql.Append(")");
        if (restriction.Branches.Length > 0)
        {
            var table = restriction.Target!.TableName;
            sql.Append(" or ").Column(alias, restriction.Field.Name).Append(" in (select below.`name` from ").Name(table).Append(" as below join ").Name(table)
                .Append(" as top on top.`tenant_id`=below.`tenant_id` and below.`lft`>top.`lft` and below.`rgt`<top.`rgt` where top.`tenant_id`=").Value(tenant.Id)
                .Append(" and top.`name` in (");
            AppendValues(sql, restriction.Branches);
            sql.Append("))");
        }

        if (restriction.MayBeEmpty)
        {
            sql.Append(" or ").Column(alias, restriction.Field.Name).Append(" is null");
        }

        sql.Append(")");
    }

    // Padded to a power of two: few shapes to prepare.
    private static void AppendValues(SqlText sql, IReadOnlyList<string> values)
    {
        for (var i = 0; i < BitOperations.RoundUpToPowerOf2((uint)values.Count); i++)
        {
            sql.Append(i > 0 ? "," : "").Value(values[Math.Min(i, values.Count - 1)]);
        }
    }

    private static void AppendShared(SqlText sql, QuerySource source, CurrentUser user) =>
        sql.Column(source.Alias, StandardFields.Name).Append(" in (select `share_name` from ").Name(ShareTable).Append(" where `tenant_id`=").Value(user.Tenant.Id)
            .Append(" and `share_doctype`=").Value(source.DocType.Name).Append(" and `read`=1 and (`everyone`=1 or (`user`=").Value(user.Name)
            .Append(" and hex(`user`)=hex(").Value(user.Name).Append("))))");
}
