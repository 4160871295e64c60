using Central.Clients;
using Central.Keys;
using Central.OAuth.Grants;
using Central.Platform;
using Central.Settings;
using Central.Users;

namespace Central.OAuth.Tokens;

/// <summary>Tells whether an access token is alive. A signature and a time do not say that: it may have been revoked, by itself or with what it came from.</summary>
internal sealed class TokenLife(PlatformDatabase platform, MembershipReader memberships, KeyRing keys, CentralSettings settings, TimeProvider time) : IAccessTokenLife
{
    /// <summary>Opens a token of this site that has not expired; null for everything else.</summary>
    public IssuedToken? Open(string token) =>
        keys.Find(time.GetUtcNow()) is { } known && IssuedToken.Open(token, known, settings.Issuer) is { } issued && time.GetUtcNow() < issued.ExpiresAt ? issued : null;

    /// <inheritdoc/>
    public async ValueTask<bool> IsAliveAsync(string token, CancellationToken cancellationToken) => Open(token) is { } issued && await IsAliveAsync(issued, cancellationToken);

    /// <summary>Whether a token, its grant, its client and its user all go on.</summary>
    public async Task<bool> IsAliveAsync(IssuedToken token, CancellationToken cancellationToken) =>
        await platform.RunAsync(db => IsAliveAsync(db, token, cancellationToken)) &&
        (token.Grant is null || await memberships.FindAsync(token.Subject, token.Tenant, cancellationToken) is not null);

    private static async Task<bool> IsAliveAsync(TenantDb db, IssuedToken token, CancellationToken cancellationToken) =>
        !await RevokedTokenStore.IsRevokedAsync(db, token, cancellationToken) &&
        (token.Grant is not { } grant || await GrantStore.IsAliveAsync(db, grant, cancellationToken)) &&
        await db.FindDocAsync<OAuthClient>(token.ClientId, cancellationToken) is { Enabled: true };
}
