using Central.Platform;
using Central.Requests;
using Central.Settings;

namespace Central.Tenants;

/// <summary>
/// <c>POST /api/method/central.provision_tenant</c> {tenant, tenant_name, email, full_name, password}: a tenant and its first
/// administrator, both or none. For the role Tenant Provisioner of the platform only.
/// </summary>
internal sealed class ProvisionTenantEndpoint(NewTenants tenants, CentralSettings settings)
{
    public async Task<IResult> HandleAsync(HttpContext context, CurrentUser user)
    {
        if (user.Tenant != settings.PlatformTenant || !user.Roles.Contains(RoleNames.TenantProvisioner))
        {
            throw new PermissionException($"This takes the role {RoleNames.TenantProvisioner}");
        }

        var parameters = await MethodParameters.ReadAsync(context);
        var (made, userId) = await tenants.MakeAsync(context, user, name => parameters[name]);
        return TypedResults.Json(new { message = new { tenant = made.Tenant.Id, user = made.Email, user_id = userId } });
    }
}
