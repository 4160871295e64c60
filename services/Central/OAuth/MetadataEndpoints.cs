using Central.Keys;
using Central.Settings;

namespace Central.OAuth;

/// <summary>The discovery documents, which are one, and the JWKS document: public, for any origin.</summary>
/// <remarks>RFC 8414 section 3, OpenID Connect Discovery section 4, RFC 7517 section 5.</remarks>
internal sealed class MetadataEndpoints(KeyRing keys, CentralSettings settings)
{
    private static readonly string[] s_clientAuthentication = ["client_secret_basic", "client_secret_post"];

    /// <summary>What this site can do; a list that would be empty is left out, as RFC 8414 section 3.2 has it.</summary>
    public IResult Discovery(HttpContext context)
    {
        Open(context);
        return TypedResults.Json(new Dictionary<string, object>
        {
            ["issuer"] = settings.Issuer,
            ["token_endpoint"] = settings.Issuer + "/oauth/token",
            ["jwks_uri"] = settings.Issuer + "/oauth/jwks",
            ["introspection_endpoint"] = settings.Issuer + "/oauth/introspect",
            ["revocation_endpoint"] = settings.Issuer + "/oauth/revoke",
            ["grant_types_supported"] = (string[])[ClientCredentialsGrant.GrantType],
            ["token_endpoint_auth_methods_supported"] = s_clientAuthentication,
            ["introspection_endpoint_auth_methods_supported"] = s_clientAuthentication,
            ["revocation_endpoint_auth_methods_supported"] = s_clientAuthentication,
            ["subject_types_supported"] = (string[])["public"],
            ["id_token_signing_alg_values_supported"] = (string[])["ES256"],
            ["claims_supported"] = (string[])["iss", "sub", "aud", "exp", "iat", "jti", "client_id", "scope", "tenant", "roles"],
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
