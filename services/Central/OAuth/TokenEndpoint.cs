using System.Collections.Frozen;
using Central.Clients;
using Central.Limits;
using Central.OAuth.Grants;
using Central.Platform;
using Central.Settings;

namespace Central.OAuth;

/// <summary><c>POST /oauth/token</c>.</summary>
/// <remarks>RFC 6749 sections 3.2 and 5.</remarks>
internal sealed class TokenEndpoint(
    ClientAuthentication clients, IEnumerable<IGrant> grants, AuditLog audit, PlatformDatabase platform, CentralSettings settings, TimeProvider time)
{
    private readonly RequestWindow _byClient = new("token by client", settings.TokenRateLimitPerClientPerMinute, TimeSpan.FromMinutes(1), platform, time);
    private readonly FrozenDictionary<string, IGrant> _grants = grants.Where(grant => grant.IsOffered).ToFrozenDictionary(grant => grant.Type, StringComparer.Ordinal);

    public async Task<IResult> HandleAsync(HttpContext context)
    {
        var request = await OAuthRequest.ReadAsync(context);
        var client = await clients.AuthenticateAsync(context, request);
        ClientCors.Allow(context, client);
        // Anybody can send the id of a public client, and would use up everybody's requests.
        await _byClient.CountAsync(client.IsConfidential ? client.ClientId : clients.KeyOf(context, client.ClientId), context.RequestAborted);
        try
        {
            var type = request["grant_type"] ?? throw OAuthError.InvalidRequest("grant_type is missing.");
            var grant = _grants.GetValueOrDefault(type) ?? throw OAuthError.UnsupportedGrantType();
            var answer = client.MayUse(type) ? await grant.RunAsync(context, client, request) : throw OAuthError.UnauthorizedClient();
            await audit.DoneAsync(
                context, AuditEvents.TokenIssued, new(answer.Claims.SignIn is null ? null : answer.Claims.Subject, answer.Claims.Tenant, client.ClientId, answer.Jti));
            return TypedResults.Json(answer.ToJson());
        }
        catch (OAuthError error)
        {
            await audit.RefusedAsync(context, AuditEvents.TokenRequest, new(ClientId: client.ClientId, Reference: error.Error));
            throw;
        }
    }
}
