using Central.Platform;
using Central.Tenants;

namespace Central.Users;

/// <summary>Reads what a user is in the tenant, always from the tables: who is disabled or loses a role does so at once.</summary>
internal sealed class MembershipReader(PlatformDatabase platform)
{
    /// <summary>The membership of an account, or null when account, user or tenant is disabled or gone.</summary>
    public async Task<Membership?> FindAsync(Account account, CancellationToken cancellationToken)
    {
        if (!account.Enabled || !Tenant.IsValid(account.HomeTenant))
        {
            return null;
        }

        var tenant = new Tenant(account.HomeTenant);
        if (!await platform.RunAsync(db => IsEnabledAsync(db, tenant.Id, cancellationToken)))
        {
            return null;
        }

        var user = await platform.RunAsync(tenant, db => db.FindDocAsync<User>(account.Username, cancellationToken));
        return user is { Enabled: true } && user.UserId == account.Name
            ? new Membership(account.Name, user.Name, user.FullName, tenant, [.. user.Roles.Select(row => row.Role)])
            : null;
    }

    /// <inheritdoc cref="FindAsync(Account, CancellationToken)"/>
    public async Task<Membership?> FindAsync(string userId, CancellationToken cancellationToken) =>
        await platform.RunAsync(db => db.FindDocAsync<Account>(userId, cancellationToken)) is { } account ? await FindAsync(account, cancellationToken) : null;

    /// <summary>Whether the platform knows a tenant and has not disabled it.</summary>
    public static async Task<bool> IsEnabledAsync(TenantDb platform, string tenant, CancellationToken cancellationToken) =>
        await platform.FindDocAsync<TenantRecord>(tenant, cancellationToken) is { Enabled: true };
}
