using Central.Clients;
using Central.OAuth.Tokens;
using Central.Settings;

namespace Central.OAuth.Grants;

/// <summary>The grant <c>client_credentials</c>: a client's token for itself, with the tenant and roles of its registration.</summary>
/// <remarks>RFC 6749 section 4.4.</remarks>
internal sealed class ClientCredentialsGrant(AccessTokenIssuer tokens, Audiences audiences, CentralSettings settings) : IGrant
{
    /// <inheritdoc/>
    public string Type => GrantTypes.ClientCredentials;

    /// <inheritdoc/>
    public Task<TokenAnswer> RunAsync(HttpContext context, OAuthClient client, OAuthRequest request)
    {
        if (!client.IsConfidential)
        {
            throw OAuthError.UnauthorizedClient();
        }

        var audience = audiences.Choose(client, request["resource"]);
        var claims = new AccessTokenClaims(
            Subject: client.ClientId,
            client.ClientId,
            audience,
            Scopes.Choose([.. OAuthClient.Words(client.Scope).Except(Scopes.OfUsers, StringComparer.Ordinal)], request["scope"]),
            client.Tenant.Length > 0 ? client.Tenant : settings.PlatformTenant.Id,
            audiences.Limit(OAuthClient.Lines(client.Roles), audience),
            tokens.LifetimeOf(client));
        var (token, jti) = tokens.Issue(claims);
        return Task.FromResult(new TokenAnswer(token, claims, jti));
    }
}
