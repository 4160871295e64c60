using System.Net;
using Central.Clients;
using Central.OAuth.Grants;
using Central.OAuth.Tokens;
using Central.Platform;
using Central.Sessions;
using Central.Settings;

namespace Central.OAuth;

/// <summary>
/// <c>POST /oauth/introspect</c>: tells a client about its own token, a resource server about tokens for it, and services that may
/// ask about sessions and API keys.
/// </summary>
/// <remarks>
/// RFC 7662 section 2; the hints <c>session</c> and <c>api_key</c> are an extension for services. Beside <c>api_key</c> a service sends
/// <c>client_address</c>, where the key is used from: without it, a key that is good at some addresses only is inactive. The answer says by
/// <c>client_address_bound</c> whether it holds for that address alone.
/// </remarks>
internal sealed class IntrospectionEndpoint(
    ClientAuthentication clients, LocalCredentials credentials, PlatformDatabase platform, TokenLife tokens, AuditLog audit,
    CentralSettings settings, TimeProvider time)
{
    /// <summary>An API key may have no end; the answer has one, after which to ask again.</summary>
    private static readonly TimeSpan s_longestAnswer = TimeSpan.FromHours(1);

    public async Task<IResult> HandleAsync(HttpContext context)
    {
        var request = await OAuthRequest.ReadAsync(context);
        var client = await clients.AuthenticateConfidentialAsync(context, request);
        var token = request["token"] ?? throw OAuthError.InvalidRequest("token is missing.");
        var answer = request["token_type_hint"] switch
        {
            "session" => client.MayIntrospectSessions ? Describe(client, "session", await credentials.FindSessionAsync(token, context.RequestAborted)) : await RefuseAsync(context, client),
            "api_key" => client.MayIntrospectApiKeys ? Describe(client, "api_key", await credentials.FindApiKeyAsync(context, token, AddressIn(request), context.RequestAborted)) : await RefuseAsync(context, client),
            _ => await DescribeTokenAsync(context, client, token),
        };
        return TypedResults.Json(answer ?? new Dictionary<string, object> { ["active"] = false });
    }

    private async Task<Dictionary<string, object>?> DescribeTokenAsync(HttpContext context, OAuthClient client, string token)
    {
        if (tokens.Open(token) is not { } issued)
        {
            return await DescribeRefreshTokenAsync(client, token, context.RequestAborted);
        }

        if (issued.ClientId != client.ClientId && !(OAuthClient.Lines(client.Introspects).Contains(issued.Audience, StringComparer.Ordinal) && client.IsForTenant(issued.Tenant)))
        {
            return await RefuseAsync(context, client);
        }

        return await tokens.IsAliveAsync(issued, context.RequestAborted) ? Describe(issued) : null;
    }

    /// <summary>A refresh token is told of to its own client only; what it is used with is nobody else's business.</summary>
    private async Task<Dictionary<string, object>?> DescribeRefreshTokenAsync(OAuthClient client, string token, CancellationToken cancellationToken)
    {
        var (grant, isUsable) = await platform.RunAsync(async db => (
            await RefreshTokenStore.FindGrantAsync(db, token, cancellationToken), await RefreshTokenStore.IsUsableAsync(db, token, cancellationToken)));
        if (grant is null || !isUsable || grant.ClientId != client.ClientId)
        {
            return null;
        }

        var answer = Active(grant.UserId, grant.Tenant, [], grant.Scope, SessionStore.Utc(grant.EndsAt));
        (answer["token_type"], answer["client_id"], answer["aud"]) = ("refresh_token", grant.ClientId, grant.Resource);
        return answer;
    }

    private Dictionary<string, object> Describe(IssuedToken token)
    {
        var answer = Active(token.Subject, token.Tenant, token.Roles, token.Scope, token.ExpiresAt);
        (answer["token_type"], answer["client_id"], answer["aud"], answer["jti"]) = ("Bearer", token.ClientId, token.Audience, token.Jti);
        answer["iat"] = token.IssuedAt.ToUnixTimeSeconds();
        if (token.Username is not null)
        {
            answer["username"] = token.Username;
        }

        return answer;
    }

    private Dictionary<string, object>? Describe(OAuthClient client, string type, ActiveCredential? credential)
    {
        if (credential is null || !client.IsForTenant(credential.Membership.Tenant.Id))
        {
            return null;
        }

        var longest = time.GetUtcNow() + s_longestAnswer;
        var answer = Active(
            credential.Membership.UserId, credential.Membership.Tenant.Id, credential.User.AssignedRoles, string.Join(' ', credential.User.GrantedScopes),
            credential.ExpiresAt < longest ? credential.ExpiresAt : longest);
        (answer["token_type"], answer["username"], answer["client_address_bound"]) = (type, credential.Membership.Username, credential.IsAddressBound);
        if (credential.Membership.Locale.Length > 0)
        {
            answer["locale"] = credential.Membership.Locale;
        }

        return answer;
    }

    private Dictionary<string, object> Active(string subject, string tenant, IReadOnlyList<string> roles, string scope, DateTimeOffset expiresAt) => new()
    {
        ["active"] = true,
        ["iss"] = settings.Issuer,
        ["sub"] = subject,
        ["tenant"] = tenant,
        ["roles"] = roles,
        ["scope"] = scope,
        ["exp"] = expiresAt.ToUnixTimeSeconds(),
    };

    /// <summary>Where an API key is used from, as the service saw it. A text that is no address is one that no key is good at.</summary>
    private static IPAddress? AddressIn(OAuthRequest request) => IPAddress.TryParse(request["client_address"], out var address) ? address : null;

    private async Task<Dictionary<string, object>?> RefuseAsync(HttpContext context, OAuthClient client)
    {
        await audit.RefusedAsync(context, AuditEvents.Introspection, new(ClientId: client.ClientId));
        return null;
    }
}
