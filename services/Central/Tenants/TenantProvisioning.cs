using Central.Platform;
using Central.Users;

namespace Central.Tenants;

/// <summary>A tenant to be made, with its first user.</summary>
internal sealed record NewTenant(Tenant Tenant, string TenantName, string Email, string FullName, string PasswordHash);

/// <summary>Makes tenants, and users of tenants. Works in the platform tenant, within the caller's transaction.</summary>
internal static class TenantProvisioning
{
    /// <summary>Makes a tenant, its roles, and its first user, who is System Manager. Returns the user's id.</summary>
    /// <exception cref="DuplicateEntryException">There is such a tenant, or such a user.</exception>
    public static async Task<string> ProvisionAsync(TenantDb platform, NewTenant made, CancellationToken cancellationToken)
    {
        await InsertTenantAsync(platform, made.Tenant, made.TenantName, cancellationToken);
        var account = new Account { Name = AccountStore.NewId(), Username = made.Email, Email = made.Email, PasswordHash = made.PasswordHash, HomeTenant = made.Tenant.Id };
        await InsertUserAsync(platform, account, new User { FullName = made.FullName }, [RoleNames.SystemManager], cancellationToken);
        return account.Name;
    }

    /// <summary>Makes the record of a tenant.</summary>
    /// <exception cref="DuplicateEntryException">There is such a tenant.</exception>
    public static async Task InsertTenantAsync(TenantDb platform, Tenant tenant, string tenantName, CancellationToken cancellationToken)
    {
        await platform.InsertAsync(new TenantRecord { Name = tenant.Id, TenantName = tenantName }, ignorePermissions: true, cancellationToken);
        await EnsureRolesAsync(Of(platform, tenant), [RoleNames.SystemManager], cancellationToken);
    }

    /// <summary>Makes an account, and its user in the account's tenant with a profile and roles, which are made where they are missing.</summary>
    /// <exception cref="DuplicateEntryException">There is such a user.</exception>
    public static async Task InsertUserAsync(TenantDb platform, Account account, User profile, IReadOnlyList<string> roles, CancellationToken cancellationToken)
    {
        await AccountStore.InsertAsync(platform, account, cancellationToken);
        var tenant = Of(platform, new Tenant(account.HomeTenant));
        await EnsureRolesAsync(tenant, roles, cancellationToken);
        (profile.Name, profile.UserId, profile.Email) = (account.Username, account.Name, account.Email);
        profile.Roles.AddRange(roles.Select(role => new HasRole { Role = role }));
        await tenant.InsertAsync(profile, ignorePermissions: true, cancellationToken);
    }

    /// <summary>Makes the user of an account in a further tenant, without roles; one that was there before is as it was, roles included.</summary>
    public static async Task EnsureUserAsync(TenantDb platform, Account account, Tenant tenant, CancellationToken cancellationToken)
    {
        var db = Of(platform, tenant);
        var home = await Of(platform, new Tenant(account.HomeTenant)).FindDocAsync<User>(account.Username, cancellationToken);
        if (!await db.ExistsAsync("User", account.Username, cancellationToken))
        {
            await db.InsertAsync(
                new User { Name = account.Username, UserId = account.Name, Email = account.Email, FullName = home?.FullName ?? account.Username }, ignorePermissions: true, cancellationToken);
        }
    }

    /// <summary>Makes the roles of a tenant that are missing.</summary>
    public static async Task EnsureRolesAsync(TenantDb tenant, IEnumerable<string> roles, CancellationToken cancellationToken)
    {
        foreach (var role in roles)
        {
            if (!await tenant.ExistsAsync("Role", role, cancellationToken))
            {
                await tenant.InsertAsync(new Role { RoleName = role }, ignorePermissions: true, cancellationToken);
            }
        }
    }

    private static TenantDb Of(TenantDb platform, Tenant tenant) => platform.InTenant(tenant, "The central site makes a tenant or a user");
}
