using Central.Clients;
using Central.Platform;
using Central.Settings;

namespace Central.OAuth;

/// <summary>The grant <c>client_credentials</c>: a client's token for itself, with the tenant and roles of its registration.</summary>
/// <remarks>RFC 6749 section 4.4, RFC 8707 section 2.</remarks>
internal sealed class ClientCredentialsGrant(CentralSettings settings)
{
    /// <summary>The name of the grant.</summary>
    public const string GrantType = "client_credentials";

    /// <summary>Scopes that speak of a user, whom this grant has not.</summary>
    private static readonly string[] s_ofUsers = ["openid", "offline_access"];

    /// <exception cref="OAuthError">The client may not use the grant, the scope or the resource.</exception>
    public AccessTokenClaims Grant(OAuthClient client, OAuthRequest request)
    {
        if (!client.IsConfidential || !OAuthClient.Words(client.GrantTypes).Contains(GrantType, StringComparer.Ordinal))
        {
            throw OAuthError.UnauthorizedClient();
        }

        var audience = Audience(client, request["resource"]);
        return new AccessTokenClaims(
            Subject: client.ClientId,
            client.ClientId,
            audience,
            Scope(client, request["scope"]),
            client.Tenant.Length > 0 ? client.Tenant : settings.PlatformTenant.Id,
            Roles(client, audience),
            client.AccessTokenLifetimeS > 0 ? TimeSpan.FromSeconds(client.AccessTokenLifetimeS) : settings.AccessTokenLifetime);
    }

    private static string Scope(OAuthClient client, string? asked)
    {
        var registered = OAuthClient.Words(client.Scope).Except(s_ofUsers, StringComparer.Ordinal).ToList();
        if (asked is null)
        {
            return string.Join(' ', registered);
        }

        var wanted = OAuthClient.Words(asked).Distinct(StringComparer.Ordinal).ToList();
        return wanted.Count > 0 && wanted.All(registered.Contains) ? string.Join(' ', wanted) : throw OAuthError.InvalidScope();
    }

    /// <summary>Without registered resources the whole site, or, for a client with rights on the platform, the central site alone.</summary>
    private string Audience(OAuthClient client, string? asked)
    {
        var allowed = OAuthClient.Lines(client.Resources) is { Length: > 0 } registered ? registered
            : [OAuthClient.Lines(client.Roles).Any(RoleNames.IsOfPlatform) ? settings.Audience : settings.Issuer];
        return asked is null ? allowed[0] : allowed.Contains(asked, StringComparer.Ordinal) ? asked : throw OAuthError.InvalidTarget();
    }

    /// <summary>Rights on the platform go into tokens for the central site itself and no others: a service that gets a token cannot use them here.</summary>
    private string[] Roles(OAuthClient client, string audience) =>
        [.. OAuthClient.Lines(client.Roles).Where(role => audience == settings.Audience || !RoleNames.IsOfPlatform(role))];
}
