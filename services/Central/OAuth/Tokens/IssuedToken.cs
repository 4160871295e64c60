using System.Text.Json;

namespace Central.OAuth.Tokens;

/// <summary>The claims of an access token that this site signed, expired or not.</summary>
internal sealed record IssuedToken(
    string Subject, string ClientId, string Audience, string Scope, string Jti, string Tenant, IReadOnlyList<string> Roles, string? Username, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>Stands in a <c>jti</c> between the grant that the token ends with and the rest.</summary>
    public const char GrantSeparator = '.';

    /// <summary>The grant that the token ends with; null for a client's own token.</summary>
    public string? Grant => Jti.IndexOf(GrantSeparator, StringComparison.Ordinal) is > 0 and var end ? Jti[..end] : null;

    /// <summary>Opens a token; null for everything that this site did not sign as an access token.</summary>
    public static IssuedToken? Open(string token, SigningKeySet keys, string issuer)
    {
        if (AccessTokenValidator.Open(token, keys, out var document) is not AccessTokenFailure.None || document is null)
        {
            return null;
        }

        using (document)
        {
            var claims = document.RootElement;
            return claims.Text("iss"u8) == issuer && Read(claims) is { } read ? read : null;
        }
    }

    private static IssuedToken? Read(JsonElement claims) =>
        claims.Text("sub"u8) is { } subject && claims.Text("client_id"u8) is { } clientId && claims.Text("aud"u8) is { } audience &&
        claims.Text("jti"u8) is { } jti && claims.Text("tenant"u8) is { } tenant && claims.Time("iat"u8) is { } issuedAt && claims.Time("exp"u8) is { } expiresAt &&
        claims.TryGetProperty("roles"u8, out var list) && list.AsTexts() is { } roles
            ? new IssuedToken(subject, clientId, audience, claims.Text("scope"u8) ?? "", jti, tenant, roles, claims.Text("username"u8), issuedAt, expiresAt)
            : null;
}
