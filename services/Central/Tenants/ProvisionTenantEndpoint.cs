using Central.Platform;
using Central.Requests;
using Central.Settings;
using Central.Users;

namespace Central.Tenants;

/// <summary>
/// <c>POST /api/method/central.provision_tenant</c> {tenant, tenant_name, email, full_name, password}: a tenant and its first
/// administrator, both or none. For the role Tenant Provisioner of the platform only.
/// </summary>
internal sealed class ProvisionTenantEndpoint(
    PlatformDatabase platform, PasswordPolicy policy, PasswordHashing passwords, CentralSettings settings, AuditLog audit)
{
    public async Task<IResult> HandleAsync(HttpContext context, CurrentUser user)
    {
        if (user.Tenant != settings.PlatformTenant || !user.Roles.Contains(RoleNames.TenantProvisioner))
        {
            throw new PermissionException($"This takes the role {RoleNames.TenantProvisioner}");
        }

        var made = await ReadAsync(context);
        var userId = "";
        try
        {
            await platform.InTransactionAsync(async db => userId = await TenantProvisioning.ProvisionAsync(db, made, context.RequestAborted), context.RequestAborted);
        }
        catch (DuplicateEntryException)
        {
            await audit.RefusedAsync(context, AuditEvents.TenantProvisioning, new(user.Subject, made.Tenant.Id, Reference: "exists"));
            throw;
        }

        await audit.DoneAsync(context, AuditEvents.TenantProvisioning, new(userId, made.Tenant.Id, user.Subject));
        return TypedResults.Json(new { message = new { tenant = made.Tenant.Id, user = made.Email, user_id = userId } });
    }

    /// <exception cref="ValidationException">A parameter is missing or not allowed. No value is repeated in the message.</exception>
    private async Task<NewTenant> ReadAsync(HttpContext context)
    {
        var parameters = await MethodParameters.ReadAsync(context);
        var (tenant, tenantName, fullName, password) = (parameters["tenant"], parameters["tenant_name"].Trim(), parameters["full_name"].Trim(), parameters["password"]);
        string[] missing = [.. ((string[])["tenant", "tenant_name", "email", "full_name", "password"]).Where(name => string.IsNullOrWhiteSpace(parameters[name]))];
        if (missing.Length > 0)
        {
            throw new ValidationException($"Send text for {string.Join(", ", missing)}");
        }

        if (!Tenant.IsValid(tenant) || !char.IsAsciiLetterOrDigit(tenant[0]))
        {
            throw new ValidationException($"tenant is 1 to {Tenant.MaxLength} lower-case letters, digits, '-', '_' or '.', and starts with a letter or digit");
        }

        if (LoginName.Normalize(parameters["email"]) is not { } email || !LoginName.IsEmail(email))
        {
            throw new ValidationException("email is not an e-mail address");
        }

        policy.Check(password, tenant, tenantName, email, fullName);
        return new NewTenant(new Tenant(tenant), tenantName, email, fullName, await passwords.HashAsync(password, context.RequestAborted));
    }
}
