using Central.Platform;

namespace Central.OAuth.Grants;

/// <summary>Ends grants. A grant that is not there is one that ended, so ending is deleting. Works in the platform tenant.</summary>
internal static class GrantStore
{
    private const string DocType = "OAuth Grant";
    private const int MaxAtOnce = 10_000;

    /// <summary>Whether a grant goes on.</summary>
    public static Task<bool> IsAliveAsync(TenantDb platform, string grant, CancellationToken cancellationToken) => platform.ExistsAsync(DocType, grant, cancellationToken);

    /// <summary>Ends one grant with all its tokens. Returns whether it was there.</summary>
    public static Task<bool> RevokeAsync(TenantDb platform, string grant, CancellationToken cancellationToken) => platform.TryDeleteAsync(DocType, grant, cancellationToken);

    /// <summary>Ends all that a user gave; of one tenant only, when it is named.</summary>
    public static Task<int> RevokeOfUserAsync(TenantDb platform, string userId, string? tenant, CancellationToken cancellationToken) =>
        RevokeAsync(platform, tenant is null ? [new("user_id", userId)] : [new("user_id", userId), new("tenant", tenant)], cancellationToken);

    /// <summary>Ends all that a client was given.</summary>
    public static Task<int> RevokeOfClientAsync(TenantDb platform, string clientId, CancellationToken cancellationToken) =>
        RevokeAsync(platform, [new("client_id", clientId)], cancellationToken);

    /// <summary>Ends what a user gave one client in one tenant.</summary>
    public static Task<int> RevokeOfConsentAsync(TenantDb platform, string userId, string clientId, string tenant, CancellationToken cancellationToken) =>
        RevokeAsync(platform, [new("user_id", userId), new("client_id", clientId), new("tenant", tenant)], cancellationToken);

    private static async Task<int> RevokeAsync(TenantDb platform, Filter[] filters, CancellationToken cancellationToken)
    {
        var rows = await platform.GetAllAsync(DocType, new() { Filters = filters, Limit = MaxAtOnce }, cancellationToken);
        foreach (var row in rows)
        {
            await RevokeAsync(platform, row.Get<string>("name")!, cancellationToken);
        }

        return rows.Count;
    }
}
