using System.Security.Cryptography;
using Central.Clients;
using Central.Settings;

namespace Central.OAuth.Tokens;

/// <summary>What an access token says.</summary>
/// <param name="Subject">User id or client id.</param>
/// <param name="ClientId">To whom it is issued.</param>
/// <param name="Audience">Where it is good.</param>
/// <param name="Scope">Scopes, separated by spaces.</param>
/// <param name="Tenant">The one tenant.</param>
/// <param name="Roles">Roles in that tenant.</param>
/// <param name="Lifetime">How long it is good.</param>
/// <param name="SignIn">How the user signed in; null for a client's own token.</param>
internal sealed record AccessTokenClaims(
    string Subject, string ClientId, string Audience, string Scope, string Tenant, IReadOnlyList<string> Roles, TimeSpan Lifetime, SignInClaims? SignIn = null);

/// <summary>Writes access tokens.</summary>
/// <remarks>RFC 9068 section 2.</remarks>
internal sealed class AccessTokenIssuer(JsonWebTokenWriter tokens, CentralSettings settings, TimeProvider time)
{
    private const int JtiBytes = 16;

    /// <summary>How long a client's access tokens are good.</summary>
    public TimeSpan LifetimeOf(OAuthClient client) =>
        client.AccessTokenLifetimeS > 0 ? TimeSpan.FromSeconds(client.AccessTokenLifetimeS) : settings.AccessTokenLifetime;

    /// <summary>A signed token and its <c>jti</c>, which starts with the grant that the token ends with, when it has one.</summary>
    public (string Token, string Jti) Issue(AccessTokenClaims claims, string? grant = null)
    {
        var jti = RandomNumberGenerator.GetHexString(JtiBytes * 2, lowercase: true);
        if (grant is not null)
        {
            jti = $"{grant}{IssuedToken.GrantSeparator}{jti}";
        }

        var now = time.GetUtcNow();
        return (tokens.Write("at+jwt", writer =>
        {
            writer.WriteString("iss", settings.Issuer);
            writer.WriteString("sub", claims.Subject);
            writer.WriteString("aud", claims.Audience);
            writer.WriteNumber("exp", (now + claims.Lifetime).ToUnixTimeSeconds());
            writer.WriteNumber("iat", now.ToUnixTimeSeconds());
            writer.WriteString("jti", jti);
            writer.WriteString("client_id", claims.ClientId);
            writer.WriteString("scope", claims.Scope);
            writer.WriteString("tenant", claims.Tenant);
            writer.WriteTexts("roles", claims.Roles);
            claims.SignIn?.Write(writer);
            if (claims.SignIn is { } user)
            {
                writer.WriteString("username", user.Username);
                if (user.Locale.Length > 0)
                {
                    writer.WriteString("locale", user.Locale);
                }
            }
        }), jti);
    }
}
