using Central.OAuth.Grants;

namespace Central.Sessions;

/// <summary>Everything with which a user is signed in somewhere. Works in the platform tenant.</summary>
internal static class SignIns
{
    /// <summary>
    /// Signs a user out everywhere: sessions, and the grants of clients with their refresh and access tokens. API keys are not part of
    /// it. Logins that wait for their second factor end too. Of one tenant only, when it is named. Returns how many sessions ended.
    /// </summary>
    public static async Task<int> EndAllAsync(TenantDb platform, string userId, string? tenant, CancellationToken cancellationToken)
    {
        await PendingLoginStore.EndAllAsync(platform, userId, cancellationToken);
        await GrantStore.RevokeOfUserAsync(platform, userId, tenant, cancellationToken);
        return await SessionStore.EndAllAsync(platform, userId, tenant, cancellationToken);
    }
}
