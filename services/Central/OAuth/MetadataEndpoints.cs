using Central.Keys;
using Central.OAuth.Authorization;
using Central.OAuth.Grants;
using Central.OAuth.Tokens;
using Central.Settings;

namespace Central.OAuth;

/// <summary>The discovery documents, which are one, and the JWKS document: public, for any origin.</summary>
/// <remarks>RFC 8414 section 2, OpenID Connect Discovery section 3, RFC 7517 section 5, RFC 9207 section 3.</remarks>
internal sealed class MetadataEndpoints(KeyRing keys, IEnumerable<IGrant> grants, CentralSettings settings)
{
    private static readonly string[] s_clientAuthentication = ["client_secret_basic", "client_secret_post", "private_key_jwt"];
    private static readonly string[] s_signing = ["ES256"];

    /// <summary>What this site can do; a list that would be empty is left out, as RFC 8414 section 3.2 has it.</summary>
    public IResult Discovery(HttpContext context)
    {
        Open(context);
        return TypedResults.Json(new Dictionary<string, object>
        {
            ["issuer"] = settings.Issuer,
            ["authorization_endpoint"] = settings.Issuer + "/oauth/authorize",
            ["token_endpoint"] = settings.Issuer + "/oauth/token",
            ["userinfo_endpoint"] = settings.Issuer + "/oauth/userinfo",
            ["jwks_uri"] = settings.Issuer + "/oauth/jwks",
            ["introspection_endpoint"] = settings.Issuer + "/oauth/introspect",
            ["revocation_endpoint"] = settings.Issuer + "/oauth/revoke",
            ["device_authorization_endpoint"] = settings.Issuer + "/oauth/device_authorization",
            ["end_session_endpoint"] = settings.Issuer + "/oauth/logout",
            ["response_types_supported"] = (string[])["code"],
            ["response_modes_supported"] = (string[])["query"],
            ["grant_types_supported"] = grants.Where(grant => grant.IsOffered).Select(grant => grant.Type).ToArray(),
            ["code_challenge_methods_supported"] = (string[])[Pkce.Method],
            ["token_endpoint_auth_methods_supported"] = s_clientAuthentication.Append("none"),
            ["token_endpoint_auth_signing_alg_values_supported"] = s_signing,
            ["introspection_endpoint_auth_methods_supported"] = s_clientAuthentication,
            ["introspection_endpoint_auth_signing_alg_values_supported"] = s_signing,
            ["revocation_endpoint_auth_methods_supported"] = s_clientAuthentication.Append("none"),
            ["revocation_endpoint_auth_signing_alg_values_supported"] = s_signing,
            ["subject_types_supported"] = (string[])["public"],
            ["id_token_signing_alg_values_supported"] = s_signing,
            ["scopes_supported"] = Scopes.Standard,
            ["claims_supported"] = ((string[])["iss", "sub", "aud", "exp", "iat", "jti", "client_id", "scope", "auth_time", "acr", "amr", "sid", "nonce", "at_hash"]).Concat(UserInfo.Claims),
            ["prompt_values_supported"] = Prompt.Values,
            ["authorization_response_iss_parameter_supported"] = true,
            ["claims_parameter_supported"] = false,
            ["request_parameter_supported"] = false,
            ["request_uri_parameter_supported"] = false,
        });
    }

    /// <summary>The public keys.</summary>
    public IResult Jwks(HttpContext context)
    {
        Open(context);
        return TypedResults.Bytes(keys.Jwks.ToArray(), "application/json");
    }

    private static void Open(HttpContext context)
    {
        context.Response.Headers.CacheControl = "public, max-age=300";
        context.Response.Headers.AccessControlAllowOrigin = "*";
    }
}
