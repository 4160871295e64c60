using System.Numerics;
using Microservices.DocTypes;
using Microservices.Errors;
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
    /// <param name="sql">The statement, in its WHERE.</param>
    /// <param name="docType">What is listed.</param>
    /// <param name="access">The caller's access to it.</param>
    /// <param name="user">The caller.</param>
    /// <param name="conditions">The service's own conditions for the caller.</param>
    /// <param name="today">The day that named spans count from.</param>
    /// <exception cref="PermissionException">The caller may see nothing of the DocType.</exception>
    public static void Append(SqlText sql, DocType docType, Access access, CurrentUser user, IReadOnlyList<Filter> conditions, DateOnly today)
    {
        var right = access.Has(Rights.Read) ? Rights.Read : Rights.Select;
        var isShared = (access.Shared & Rights.Read) != 0;
        if (!access.Has(right) && !isShared)
        {
            throw access.Denied(Rights.Read);
        }

        if (isShared)
        {
            sql.Append(" and (");
            AppendShared(sql, docType, user);
            if (access.Has(right))
            {
                sql.Append(" or (1=1");
                AppendGranted(sql, docType, access, right, user, conditions, today);
                sql.Append(")");
            }

            sql.Append(")");
            return;
        }

        AppendGranted(sql, docType, access, right, user, conditions, today);
    }

    private static void AppendGranted(SqlText sql, DocType docType, Access access, Rights right, CurrentUser user, IReadOnlyList<Filter> conditions, DateOnly today)
    {
        if (access.IsOwnerOnly(right))
        {
            AppendOwner(sql.Append(" and "), user);
        }
        else if (!access.Restrictions.IsEmpty)
        {
            // Own documents stay visible to who may see documents because of owning them.
            sql.Append(" and (");
            if (access.HasAsOwner(right))
            {
                AppendOwner(sql, user);
                sql.Append(" or ");
            }

            sql.Append("(");
            for (var i = 0; i < access.Restrictions.Length; i++)
            {
                AppendRestriction(sql.Append(i > 0 ? " and " : ""), access.Restrictions[i], user.Tenant);
            }

            sql.Append("))");
        }

        foreach (var condition in conditions)
        {
            Condition.Append(sql.Append(" and "), docType, condition, today);
        }
    }

    // Texts compare without case and accents, users do not.
    private static void AppendOwner(SqlText sql, CurrentUser user) =>
        sql.Append("(`owner`=").Value(user.Name).Append(" and hex(`owner`)=hex(").Value(user.Name).Append("))");

    private static void AppendRestriction(SqlText sql, LinkRestriction restriction, Tenant tenant)
    {
        sql.Append("(").Name(restriction.Field.Name).Append(" in (");
        AppendValues(sql, [.. restriction.Values]);
        sql.Append(")");
        if (restriction.Branches.Length > 0)
        {
            var table = restriction.Target!.TableName;
            sql.Append(" or ").Name(restriction.Field.Name).Append(" in (select below.`name` from ").Name(table).Append(" as below join ").Name(table)
                .Append(" as top on top.`tenant_id`=below.`tenant_id` and below.`lft`>top.`lft` and below.`rgt`<top.`rgt` where top.`tenant_id`=").Value(tenant.Id)
                .Append(" and top.`name` in (");
            AppendValues(sql, restriction.Branches);
            sql.Append("))");
        }

        if (restriction.MayBeEmpty)
        {
            sql.Append(" or ").Name(restriction.Field.Name).Append(" is null");
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

    private static void AppendShared(SqlText sql, DocType docType, CurrentUser user) =>
        sql.Append("`name` in (select `share_name` from ").Name(ShareTable).Append(" where `tenant_id`=").Value(user.Tenant.Id)
            .Append(" and `share_doctype`=").Value(docType.Name).Append(" and `read`=1 and (`everyone`=1 or (`user`=").Value(user.Name)
            .Append(" and hex(`user`)=hex(").Value(user.Name).Append("))))");
}
