using Central.Platform;
using Central.Users;

namespace Central.Tenants;

/// <summary>Makes tenants of what a method or a page was sent. Who may is the caller's to decide.</summary>
internal sealed class NewTenants(PlatformDatabase platform, PasswordPolicy policy, PasswordHashing passwords, AuditLog audit)
{
    private static readonly string[] s_fields = ["tenant", "tenant_name", "email", "full_name", "password"];

    /// <summary>Makes a tenant and its first administrator, both or none. Returns them.</summary>
    /// <param name="context">The request.</param>
    /// <param name="user">Who makes it.</param>
    /// <param name="field">The fields that were sent: tenant, tenant_name, email, full_name and password.</param>
    /// <exception cref="ValidationException">A field is missing or not allowed. No value is repeated in the message.</exception>
    /// <exception cref="DuplicateEntryException">There is such a tenant, or such a user.</exception>
    public async Task<(NewTenant Made, string UserId)> MakeAsync(HttpContext context, CurrentUser user, Func<string, string> field)
    {
        var made = await ReadAsync(field, context.RequestAborted);
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
        return (made, userId);
    }

    private async Task<NewTenant> ReadAsync(Func<string, string> field, CancellationToken cancellationToken)
    {
        var (tenant, tenantName, fullName, password) = (field("tenant"), field("tenant_name").Trim(), field("full_name").Trim(), field("password"));
        string[] missing = [.. s_fields.Where(name => string.IsNullOrWhiteSpace(field(name)))];
        if (missing.Length > 0)
        {
            throw new ValidationException($"Send text for {string.Join(", ", missing)}");
        }

        if (!Tenant.IsValid(tenant) || !char.IsAsciiLetterOrDigit(tenant[0]))
        {
            throw new ValidationException($"tenant is 1 to {Tenant.MaxLength} lower-case letters, digits, '-', '_' or '.', and starts with a letter or digit");
        }

        if (LoginName.Normalize(field("email")) is not { } email || !LoginName.IsEmail(email))
        {
            throw new ValidationException("email is not an e-mail address");
        }

        policy.Check(password, tenant, tenantName, email, fullName);
        return new NewTenant(new Tenant(tenant), tenantName, email, fullName, await passwords.HashAsync(password, cancellationToken));
    }
}
