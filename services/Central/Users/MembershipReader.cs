using Central.Platform;
using Central.Tenants;

namespace Central.Users;

/// <summary>Reads what a user is in a tenant, always from the tables: who is disabled or loses a role does so at once.</summary>
internal sealed class MembershipReader(PlatformDatabase platform)
{
    private const int MaxTenants = 100;

    /// <summary>The membership of an account in a tenant, or null when account, user, membership or tenant is disabled or gone.</summary>
    public async Task<Membership?> FindAsync(Account account, string tenantId, CancellationToken cancellationToken)
    {
        if (!account.Enabled || !Tenant.IsValid(tenantId) || !await platform.RunAsync(db => BelongsAsync(db, account, tenantId, cancellationToken)))
        {
            return null;
        }

        var tenant = new Tenant(tenantId);
        var user = await platform.RunAsync(tenant, db => db.FindDocAsync<User>(account.Username, cancellationToken));
        return user is { Enabled: true } && user.UserId == account.Name
            ? new Membership(account, user, tenant, [.. user.Roles.Select(row => row.Role)])
            : null;
    }

    /// <inheritdoc cref="FindAsync(Account, string, CancellationToken)"/>
    public async Task<Membership?> FindAsync(string userId, string tenantId, CancellationToken cancellationToken) =>
        await platform.RunAsync(db => db.FindDocAsync<Account>(userId, cancellationToken)) is { } account ? await FindAsync(account, tenantId, cancellationToken) : null;

    /// <summary>The membership of an account in each of its tenants, its first one first.</summary>
    public async Task<IReadOnlyList<Membership>> AllAsync(Account account, CancellationToken cancellationToken)
    {
        var further = await platform.RunAsync(db => db.GetAllAsync(
            "Tenant Membership", new() { Fields = ["tenant"], Filters = [new("user_id", account.Name)], OrderBy = "tenant asc", Limit = MaxTenants }, cancellationToken));
        var members = new List<Membership>();
        foreach (var tenant in further.Select(row => row.Get<string>("tenant")!).Prepend(account.HomeTenant))
        {
            if (await FindAsync(account, tenant, cancellationToken) is { } member)
            {
                members.Add(member);
            }
        }

        return members;
    }

    /// <summary>Whether the platform knows a tenant and has not disabled it.</summary>
    public static async Task<bool> IsEnabledAsync(TenantDb platform, string tenant, CancellationToken cancellationToken) =>
        await platform.FindDocAsync<TenantRecord>(tenant, cancellationToken) is { Enabled: true };

    private static async Task<bool> BelongsAsync(TenantDb platform, Account account, string tenant, CancellationToken cancellationToken) =>
        await IsEnabledAsync(platform, tenant, cancellationToken) &&
        (account.HomeTenant == tenant || await platform.ExistsAsync("Tenant Membership", TenantMembership.NameOf(account.Name, tenant), cancellationToken));
}
