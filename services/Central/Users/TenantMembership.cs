using Central.Platform;
using Central.Tenants;

namespace Central.Users;

/// <summary>
/// A further tenant of an account, beside its first. Made and ended by the platform; the tenant's own administrators then keep the
/// <see cref="User"/> that it makes there.
/// </summary>
[DocType("Tenant Membership", Naming = "format:{user_id}-{tenant}", AllowRename = false, AllowCustomPermissions = false, Description = "A further tenant of a user.")]
[Permission(RoleNames.PlatformAdministrator, Rights.Read | Rights.Select | Rights.Create | Rights.Delete | Rights.Report | Rights.Export)]
public sealed class TenantMembership : Document
{
    [Field(Required = true, SetOnlyOnce = true, Index = true, Description = "The user's id.")]
    public string UserId { get; set; } = "";

    [Field(Required = true, SetOnlyOnce = true, Length = 64), Link("Tenant")]
    public string Tenant { get; set; } = "";

    /// <summary>The name of a membership.</summary>
    internal static string NameOf(string userId, string tenant) => $"{userId}-{tenant}";

    protected override async ValueTask Validate(DocumentContext context)
    {
        var account = await context.Db.FindDocAsync<Account>(UserId, context.CancellationToken) ?? throw new ValidationException("user_id names no user");
        if (account.HomeTenant == Tenant)
        {
            throw new ValidationException("This is the user's first tenant already");
        }
    }

    protected override async ValueTask AfterInsert(DocumentContext context)
    {
        var account = await context.Db.GetDocAsync<Account>(UserId, context.CancellationToken);
        await TenantProvisioning.EnsureUserAsync(context.Db, account, new Tenant(Tenant), context.CancellationToken);
    }

    protected override async ValueTask AfterDelete(DocumentContext context)
    {
        await Sessions.SignIns.EndAllAsync(context.Db, UserId, Tenant, context.CancellationToken);
        await ApiKeys.ApiKeyStore.RevokeAllAsync(context.Db, UserId, Tenant, context.CancellationToken);
    }
}
