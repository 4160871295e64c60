using System.Text.Json;

namespace Microservices.Security;

/// <summary>
/// Checks an access token against given keys and a given time, without asking anybody. One algorithm, one token type; nothing
/// in the token's header chooses a key beyond its id, or an address.
/// </summary>
/// <remarks>RFC 9068 section 4, RFC 8725 section 3.</remarks>
internal sealed class AccessTokenValidator(CentralSiteOptions options)
{
    private const int MaxKeyIdLength = 256;

    private readonly string _issuer = options.Issuer;
    private readonly string? _audience = options.Audience;
    private readonly string? _siteAudience = options.AcceptSiteAudience ? options.Issuer : null;
    private readonly TimeSpan _skew = options.ClockSkew;

    /// <summary>Checks the token's form, signature and claims.</summary>
    public AccessTokenResult Validate(ReadOnlySpan<char> compact, SigningKeySet keys, DateTimeOffset now)
    {
        AccessTokenFailure failure = Open(compact, keys, out JsonDocument? claims);
        using (claims)
        {
            return claims is null ? failure : CheckClaims(claims.RootElement, now);
        }
    }

    /// <summary>Checks form and signature only. The claims, which the caller disposes, are null when these are not good.</summary>
    public static AccessTokenFailure Open(ReadOnlySpan<char> compact, SigningKeySet keys, out JsonDocument? claims)
    {
        claims = null;
        if (!JsonWebToken.TryParse(compact, out JsonWebToken token))
        {
            return AccessTokenFailure.Malformed;
        }

        using (token)
        {
            if (ReadKeyId(token.Header) is not { } keyId)
            {
                return AccessTokenFailure.Header;
            }

            if (keys.Find(keyId) is not { } key)
            {
                return AccessTokenFailure.UnknownKey;
            }

            if (!key.Verify(token.SigningInput, token.Signature))
            {
                return AccessTokenFailure.Signature;
            }

            // A copy, since the token's buffer goes back to its pool here.
            claims = StrictJson.ParseObject(token.Payload.ToArray());
            return claims is null ? AccessTokenFailure.Malformed : AccessTokenFailure.None;
        }
    }

    /// <summary>The <c>kid</c> of an acceptable header, else null.</summary>
    private static string? ReadKeyId(ReadOnlyMemory<byte> json)
    {
        using JsonDocument? document = StrictJson.ParseObject(json);
        if (document is null)
        {
            return null;
        }

        JsonElement header = document.RootElement;
        bool isAccessToken = header.Text("alg"u8) == "ES256" && header.Text("typ"u8) is { } type &&
            (type.Equals("at+jwt", StringComparison.OrdinalIgnoreCase) || type.Equals("application/at+jwt", StringComparison.OrdinalIgnoreCase));
        bool bringsKeyOrDemand = header.Has("crit"u8) || header.Has("jwk"u8) || header.Has("jku"u8) || header.Has("x5u"u8) || header.Has("x5c"u8);
        return isAccessToken && !bringsKeyOrDemand && header.Text("kid"u8) is { Length: <= MaxKeyIdLength } keyId ? keyId : null;
    }

    private AccessTokenResult CheckClaims(JsonElement claims, DateTimeOffset now)
    {
        if (claims.Text("iss"u8) != _issuer)
        {
            return AccessTokenFailure.Issuer;
        }

        if (!claims.TryGetProperty("aud"u8, out JsonElement audience) || !IsForThisService(audience))
        {
            return AccessTokenFailure.Audience;
        }

        if (claims.Time("exp"u8) is not { } expires || now - _skew >= expires ||
            claims.Time("iat"u8) is not { } issued || issued - _skew > now ||
            (claims.Has("nbf"u8) && (claims.Time("nbf"u8) is not { } notBefore || notBefore - _skew > now)))
        {
            return AccessTokenFailure.Times;
        }

        CurrentUser? user = claims.Text("client_id"u8) is not null && claims.Text("jti"u8) is not null && claims.Has("roles"u8)
            ? UserClaims.Read(claims, CredentialKind.Bearer)
            : null;
        return user is null ? AccessTokenFailure.Claims : new AccessTokenResult(AccessTokenFailure.None, user, expires);
    }

    private bool IsForThisService(JsonElement audience) =>
        audience.AsText() is { } single ? IsAccepted(single) : audience.AsTexts()?.Any(IsAccepted) == true;

    private bool IsAccepted(string audience) => audience == _audience || audience == _siteAudience;
}
