using Central.Clients;
using Central.OAuth.Tokens;

namespace Central.OAuth.Grants;

/// <summary>One way to get a token from the token endpoint. The endpoint has authenticated the client and checked that it is registered for the grant.</summary>
internal interface IGrant
{
    /// <summary>The <c>grant_type</c>.</summary>
    public string Type { get; }

    /// <summary>Whether the site offers the grant; one that it does not offer is as good as unknown.</summary>
    public bool IsOffered => true;

    /// <exception cref="OAuthError">The request is refused.</exception>
    public Task<TokenAnswer> RunAsync(HttpContext context, OAuthClient client, OAuthRequest request);
}

/// <summary>The names of the grants.</summary>
internal static class GrantTypes
{
    public const string AuthorizationCode = "authorization_code";
    public const string RefreshToken = "refresh_token";
    public const string ClientCredentials = "client_credentials";
    public const string DeviceCode = "urn:ietf:params:oauth:grant-type:device_code";
    public const string Password = "password";
}
