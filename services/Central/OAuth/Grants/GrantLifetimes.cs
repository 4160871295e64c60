using Central.Clients;
using Central.OAuth.Tokens;
using Central.Settings;

namespace Central.OAuth.Grants;

/// <summary>How long grants last.</summary>
internal sealed class GrantLifetimes(AccessTokenIssuer tokens, CentralSettings settings)
{
    /// <summary>Whether a grant of this scope comes with refresh tokens.</summary>
    public static bool IsRefreshable(OAuthClient client, string scope) =>
        client.MayUse(GrantTypes.RefreshToken) && (client.ImpliesOfflineAccess || Scopes.Contains(scope, Scopes.OfflineAccess));

    /// <summary>When a grant ends whose first tokens are issued now: with its last refresh, or with its only access token.</summary>
    public DateTime EndOf(OAuthClient client, DateTime now, bool isRefreshable) => now + (
        !isRefreshable ? tokens.LifetimeOf(client)
        : client.RefreshTokenAbsoluteLifetimeS > 0 ? TimeSpan.FromSeconds(client.RefreshTokenAbsoluteLifetimeS)
        : settings.RefreshTokenAbsoluteLifetime);

    /// <summary>How long a client's codes are good.</summary>
    public TimeSpan OfCode(OAuthClient client) =>
        client.AuthorizationCodeLifetimeS > 0 ? TimeSpan.FromSeconds(client.AuthorizationCodeLifetimeS) : settings.AuthorizationCodeLifetime;
}
