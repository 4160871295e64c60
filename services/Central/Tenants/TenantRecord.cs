using Central.Platform;
using Central.Settings;

namespace Central.Tenants;

/// <summary>A tenant, known to the platform. Its name is the tenant's id.</summary>
[DocType("Tenant", Naming = "prompt", TitleField = "tenant_name", AllowRename = false, AllowCustomPermissions = false, Description = "A customer whose data nobody else sees.")]
[Permission(RoleNames.PlatformAdministrator, Rights.All)]
public sealed class TenantRecord : Document
{
    [Field(Required = true)]
    public string TenantName { get; set; } = "";

    [Field(Description = "Users of a tenant that is not enabled cannot sign in, and its clients get no tokens.")]
    public bool Enabled { get; set; } = true;

    [Field(Description = "Users of the tenant sign in with a second factor, and set one up when they have none.")]
    public bool RequireSecondFactor { get; set; }

    protected override ValueTask Validate(DocumentContext context) =>
        !Enabled && Name == context.Services.GetRequiredService<CentralSettings>().PlatformTenant.Id
            ? throw new ValidationException("The platform's own tenant cannot be disabled: nobody could enable it again")
            : default;
}
