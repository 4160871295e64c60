using System.Text.Json;
using Central.Clients;
using Central.OAuth.Tokens;
using Central.Platform;
using Central.Users;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Central.OAuth;

/// <summary><c>GET|POST /oauth/userinfo</c>: the user of an access token with the scope <c>openid</c>, whatever audience it is for.</summary>
/// <remarks>OpenID Connect Core section 5.3, RFC 6750 sections 2 and 3.</remarks>
internal sealed class UserInfoEndpoint(TokenLife tokens, MembershipReader memberships, PlatformDatabase platform)
{
    private const string Scheme = "Bearer ";

    /// <summary>Answers.</summary>
    /// <param name="context">The request.</param>
    /// <param name="isFrappe">Whether the claims also stand under <c>message</c>, where old Frappe clients look.</param>
    public async Task<IResult> HandleAsync(HttpContext context, bool isFrappe = false)
    {
        context.Response.Headers.Vary = "Origin";
        if (context.Request.Headers.Authorization.Count > 1 || context.Request.Query.ContainsKey("access_token"))
        {
            return Refuse(context, StatusCodes.Status400BadRequest, "invalid_request");
        }

        if (Read(context.Request) is not { } token)
        {
            return Refuse(context, StatusCodes.Status401Unauthorized, error: null);
        }

        if (tokens.Open(token) is not { } issued || !await tokens.IsAliveAsync(issued, context.RequestAborted))
        {
            return Refuse(context, StatusCodes.Status401Unauthorized, "invalid_token");
        }

        if (await platform.RunAsync(db => db.FindDocAsync<OAuthClient>(issued.ClientId, context.RequestAborted)) is { } client)
        {
            ClientCors.Allow(context, client);
        }

        if (issued.Grant is null || !Scopes.Contains(issued.Scope, Scopes.OpenId))
        {
            return Refuse(context, StatusCodes.Status403Forbidden, "insufficient_scope", ", scope=\"openid\"");
        }

        return await memberships.FindAsync(issued.Subject, issued.Tenant, context.RequestAborted) is { } member
            ? TypedResults.Json(Claims(issued, member, isFrappe))
            : Refuse(context, StatusCodes.Status401Unauthorized, "invalid_token");
    }

    private static Dictionary<string, JsonElement> Claims(IssuedToken token, Membership member, bool isFrappe)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("sub", token.Subject);
            UserInfo.Write(writer, member, token.Scope);
            writer.WriteEndObject();
        }

        var claims = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(buffer.ToArray())!;
        if (isFrappe)
        {
            claims["message"] = JsonSerializer.SerializeToElement(claims);
        }

        return claims;
    }

    /// <summary>The token of the header; one in the body is none.</summary>
    private static string? Read(HttpRequest request) =>
        request.Headers.Authorization is [{ } header] && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim(' ') : null;

    private static JsonHttpResult<OAuthErrorAnswer> Refuse(HttpContext context, int status, string? error, string more = "")
    {
        context.Response.Headers.WWWAuthenticate = error is null ? "Bearer realm=\"oauth\"" : $"Bearer realm=\"oauth\", error=\"{error}\"{more}";
        return TypedResults.Json(new OAuthErrorAnswer(error ?? "invalid_request", error switch
        {
            null or "invalid_request" => "Send one access token in the Authorization header.",
            "insufficient_scope" => "The access token lacks the scope openid, or has no user.",
            _ => "The access token is unknown, expired or revoked.",
        }), statusCode: status);
    }
}
