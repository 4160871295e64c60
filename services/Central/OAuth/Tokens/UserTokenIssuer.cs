using Central.Clients;
using Central.OAuth.Grants;
using Central.Sessions;
using Central.Users;

namespace Central.OAuth.Tokens;

/// <summary>Issues the tokens of a grant: what every grant of a user ends with.</summary>
internal sealed class UserTokenIssuer(AccessTokenIssuer accessTokens, IdTokenIssuer idTokens, Audiences audiences)
{
    /// <summary>An access token, and an ID token when <c>openid</c> was granted.</summary>
    /// <param name="client">The client.</param>
    /// <param name="grant">The grant.</param>
    /// <param name="member">The user as the tables have it now.</param>
    /// <param name="scope">Scope of the access token.</param>
    /// <param name="nonce">What the client sent to find again in the ID token.</param>
    public TokenAnswer Issue(OAuthClient client, OAuthGrant grant, Membership member, string scope, string? nonce = null)
    {
        var signIn = new SignInClaims(member.Username, member.Locale, SessionStore.Utc(grant.AuthTime), grant.Amr, grant.SessionHash);
        var claims = new AccessTokenClaims(
            grant.UserId, client.ClientId, grant.Resource, scope, grant.Tenant, audiences.Limit(member.Roles, grant.Resource), accessTokens.LifetimeOf(client), signIn);
        var (token, jti) = accessTokens.Issue(claims, grant.Name);
        return new TokenAnswer(token, claims, jti)
        {
            IdToken = Scopes.Contains(scope, Scopes.OpenId) ? idTokens.Issue(grant, member, scope, token, signIn, nonce) : null,
        };
    }
}
