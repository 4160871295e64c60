using Central.Clients;
using Central.Keys;
using Central.Platform;
using Central.Settings;

namespace Central.OAuth;

/// <summary><c>POST /oauth/revoke</c>: ends a client's own access token before its time. A token that is unknown or another client's is answered alike.</summary>
/// <remarks>RFC 7009 section 2.</remarks>
internal sealed class RevocationEndpoint(
    ClientAuthentication clients, PlatformDatabase platform, KeyRing keys, AuditLog audit, CentralSettings settings, TimeProvider time)
{
    public async Task<IResult> HandleAsync(HttpContext context)
    {
        var request = await OAuthRequest.ReadAsync(context);
        var client = await clients.AuthenticateAsync(context, request);
        var token = request["token"] ?? throw OAuthError.InvalidRequest("token is missing.");
        var now = time.GetUtcNow();
        if (keys.Find(now) is { } known && IssuedToken.Open(token, known, settings.Issuer) is { } issued && issued.ClientId == client.ClientId && now < issued.ExpiresAt)
        {
            await platform.RunAsync(db => RevokedTokenStore.RevokeAsync(db, issued, context.RequestAborted));
            await audit.DoneAsync(context, AuditEvents.TokenRevoked, new(ClientId: client.ClientId, Reference: issued.Jti));
        }

        return TypedResults.Json(new { });
    }
}
