using System.Collections.Frozen;
using System.Collections.Immutable;
using Microservices.Data.Queries;
using Microservices.DocTypes;
using Microservices.Security;

namespace Microservices.Data.Permissions;

/// <summary>Reads a caller's user permissions, the tenant's own permission rows and what is shared with the caller: one statement.</summary>
internal static class UserRulesReader
{
    private static readonly Rights[] s_rights = [.. Enum.GetValues<Rights>().Where(right => right is not (Rights.None or Rights.All))];
    private static readonly string s_rightsOfRow = string.Join('+', s_rights.Select(right => $"`{right.ToString().ToLowerInvariant()}`*{(int)right}"));

    public static async ValueTask<UserRules> ReadAsync(UnitOfWork unitOfWork, CurrentUser user, bool isStrict, CancellationToken cancellationToken)
    {
        var tenant = user.Tenant.Id;
        var sql = new SqlText()
            .Append("select 1, `allow`, `for_value`, case when `apply_to_all_doctypes`=1 then '' else coalesce(`applicable_for`,'') end, `hide_descendants`+2*`is_default`, `user` from `tabUser Permission` where `tenant_id`=")
            .Value(tenant).Append(" and `user`=").Value(user.Name)
            .Append($" union all select 2, `parent_doctype`, `role`, '', ({s_rightsOfRow})*128+`if_owner`*64+`permlevel`, '' from `tabCustom DocPerm` where `tenant_id`=").Value(tenant)
            .Append($" union all select 3, `share_doctype`, '', '', max(`read`)*{(int)Rights.Read}+max(`write`)*{(int)Rights.Write}+max(`submit`)*{(int)Rights.Submit}+max(`share`)*{(int)Rights.Share}, '' from `tabDocShare` where `tenant_id`=")
            .Value(tenant).Append(" and (`everyone`=1 or (`user`=").Value(user.Name).Append(" and hex(`user`)=hex(").Value(user.Name).Append("))) group by `share_doctype`");

        var restrictions = ImmutableArray.CreateBuilder<UserRestriction>();
        var rows = new List<(string DocType, DocPermission Row)>();
        var shared = new Dictionary<string, Rights>(StringComparer.Ordinal);
        await using (var result = await unitOfWork.QueryAsync(sql.ToString(), sql.Values, cancellationToken))
        {
            while (result.Read())
            {
                var (kind, docType, text, flags) = (result.Row.GetInt64(0), result.Row.GetString(1), result.Row.GetString(2), (int)result.Row.GetInt64(4));
                if (kind == 1 && result.Row.GetString(5) == user.Name) // texts compare without case, users do not
                {
                    restrictions.Add(new UserRestriction(docType, text, result.Row.GetString(3), (flags & 1) != 0, (flags & 2) != 0));
                }
                else if (kind == 2)
                {
                    rows.Add((docType, new DocPermission { Role = text, PermLevel = flags & 63, IfOwner = (flags & 64) != 0, Rights = (Rights)(flags / 128) }));
                }
                else if (kind == 3)
                {
                    shared[docType] = (Rights)flags;
                }
            }
        }

        return restrictions.Count + rows.Count + shared.Count == 0 ? UserRules.None : new UserRules
        {
            Restrictions = restrictions.ToImmutable(),
            CustomRows = rows.GroupBy(row => row.DocType, StringComparer.Ordinal)
                .ToFrozenDictionary(group => group.Key, group => group.Select(row => row.Row).ToImmutableArray(), StringComparer.Ordinal),
            Shared = shared.ToFrozenDictionary(StringComparer.Ordinal),
            IsStrict = isStrict,
        };
    }
}
