using Central.OAuth.Grants;

namespace Central.Sessions;

/// <summary>Everything with which a user is signed in somewhere. Works in the platform tenant.</summary>
internal static class SignIns
{
    /// <summary>More than the clocks of two processes differ: what another process made just now is of the past.</summary>
    private static readonly TimeSpan s_differenceOfClocks = TimeSpan.FromDays(1);

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

    /// <summary>Signs everybody out everywhere. Returns how many sessions ended.</summary>
    public static async Task<int> EndEverybodysAsync(TenantDb platform, CancellationToken cancellationToken)
    {
        var later = platform.Now + s_differenceOfClocks;
        await platform.DeleteBeforeAsync("Pending Login", StandardFields.Creation, later, cancellationToken);
        await platform.DeleteBeforeAsync("OAuth Grant", StandardFields.Creation, later, cancellationToken);
        return await platform.DeleteBeforeAsync("Session", StandardFields.Creation, later, cancellationToken);
    }
}
