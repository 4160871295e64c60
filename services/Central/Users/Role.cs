using Central.Platform;
using Central.Settings;

namespace Central.Users;

/// <summary>A role of one tenant.</summary>
[DocType(Naming = "field:role_name", AllowRename = false, Description = "What users of a tenant may be.")]
[Permission(RoleNames.SystemManager, Rights.All)]
[Permission(CurrentUser.AllRole, Rights.Read | Rights.Select)]
public sealed class Role : Document
{
    [Field(Required = true)]
    public string RoleName { get; set; } = "";

    [Field(Description = "Users with the role sign in with a second factor, and set one up when they have none.")]
    public bool RequireSecondFactor { get; set; }

    /// <summary>Names that mean something to the framework are not for tenants to define.</summary>
    protected override ValueTask Validate(DocumentContext context)
    {
        var platform = context.Services.GetRequiredService<CentralSettings>().PlatformTenant;
        var isImplicit = RoleName is CurrentUser.AllRole or "Guest";
        if (isImplicit || (RoleNames.IsPrivileged(RoleName) && !(context.User.IsAdministrator || context.Db.Tenant == platform)))
        {
            throw new ValidationException($"The role {RoleName} is reserved");
        }

        RoleNames.RequireGrantable(context.User, [RoleName]); // what it demands of its users is theirs to say
        return default;
    }

    protected override ValueTask OnTrash(DocumentContext context)
    {
        RoleNames.RequireGrantable(context.User, [RoleName]);
        return default;
    }
}
