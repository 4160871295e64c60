using Central.Clients;
using Central.OAuth.Grants;
using Central.OAuth.Tokens;
using Central.Platform;

namespace Central.OAuth;

/// <summary>
/// <c>POST /oauth/revoke</c>: ends a client's own access token before its time, or a refresh token with its whole grant. A token that is
/// unknown or another client's is answered alike.
/// </summary>
/// <remarks>RFC 7009 section 2.</remarks>
internal sealed class RevocationEndpoint(
    ClientAuthentication clients, PlatformDatabase platform, TokenLife tokens, AuditLog audit)
{
    public async Task<IResult> HandleAsync(HttpContext context)
    {
        var request = await OAuthRequest.ReadAsync(context);
        var client = await clients.AuthenticateAsync(context, request);
        ClientCors.Allow(context, client);
        var token = request["token"] ?? throw OAuthError.InvalidRequest("token is missing.");
        if (tokens.Open(token) is { } issued)
        {
            if (issued.ClientId == client.ClientId)
            {
                await platform.RunAsync(db => RevokedTokenStore.RevokeAsync(db, issued, context.RequestAborted));
                await audit.DoneAsync(context, AuditEvents.TokenRevoked, new(ClientId: client.ClientId, Reference: issued.Jti));
            }
        }
        else if (await platform.RunAsync(db => RefreshTokenStore.FindGrantAsync(db, token, context.RequestAborted)) is { } grant && grant.ClientId == client.ClientId)
        {
            await platform.RunAsync(db => GrantStore.RevokeAsync(db, grant.Name, context.RequestAborted));
            await audit.DoneAsync(context, AuditEvents.GrantRevoked, new(grant.UserId, grant.Tenant, client.ClientId, grant.Name));
        }

        return TypedResults.Json(new { });
    }
}
