using Central.Clients;
using Central.Limits;
using Central.Platform;
using Central.Settings;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Central.OAuth;

/// <summary><c>POST /oauth/token</c>.</summary>
/// <remarks>RFC 6749 sections 3.2 and 5.</remarks>
internal sealed class TokenEndpoint(
    ClientAuthentication clients, ClientCredentialsGrant clientCredentials, AccessTokenIssuer tokens, AuditLog audit, PlatformDatabase platform, CentralSettings settings,
    TimeProvider time)
{
    private readonly RequestWindow _byClient = new("token by client", settings.TokenRateLimitPerClientPerMinute, TimeSpan.FromMinutes(1), platform, time);

    public async Task<IResult> HandleAsync(HttpContext context)
    {
        var request = await OAuthRequest.ReadAsync(context);
        var client = await clients.AuthenticateAsync(context, request);
        await _byClient.CountAsync(client.ClientId, context.RequestAborted);
        try
        {
            var claims = request["grant_type"] switch
            {
                null => throw OAuthError.InvalidRequest("grant_type is missing."),
                ClientCredentialsGrant.GrantType => clientCredentials.Grant(client, request),
                _ => throw OAuthError.UnsupportedGrantType(),
            };
            var (token, jti) = tokens.Issue(claims);
            await audit.DoneAsync(context, AuditEvents.TokenIssued, new(Tenant: claims.Tenant, ClientId: client.ClientId, Reference: jti));
            return Answer(token, claims);
        }
        catch (OAuthError error)
        {
            await audit.RefusedAsync(context, AuditEvents.TokenRequest, new(ClientId: client.ClientId, Reference: error.Error));
            throw;
        }
    }

    private static JsonHttpResult<Dictionary<string, object>> Answer(string token, AccessTokenClaims claims)
    {
        var body = new Dictionary<string, object> { ["access_token"] = token, ["token_type"] = "Bearer", ["expires_in"] = (long)claims.Lifetime.TotalSeconds };
        if (claims.Scope.Length > 0)
        {
            body["scope"] = claims.Scope;
        }

        return TypedResults.Json(body);
    }
}
