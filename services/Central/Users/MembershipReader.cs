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
        if (!account.Enabled || !Tenant.IsValid(tenantId) || await platform.RunAsync(db => FindTenantAsync(db, account, tenantId, cancellationToken)) is not { } record)
        {
            return null;
        }

        var user = await platform.RunAsync(new Tenant(tenantId), db => db.FindDocAsync<User>(account.Username, cancellationToken));
        return user is { Enabled: true } && user.UserId == account.Name
            ? new Membership(account, user, record, [.. user.Roles.Select(row => row.Role)])
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

    /// <summary>A tenant that is enabled and that the account belongs to; null otherwise.</summary>
    private static async Task<TenantRecord?> FindTenantAsync(TenantDb platform, Account account, string tenant, CancellationToken cancellationToken) =>
        await platform.FindDocAsync<TenantRecord>(tenant, cancellationToken) is { Enabled: true } record &&
        (account.HomeTenant == tenant || await platform.ExistsAsync("Tenant Membership", TenantMembership.NameOf(account.Name, tenant), cancellationToken)) ? record : null;
}
