using System.Text.Json;

namespace Microservices.Security;

/// <summary>
/// Checks an access token against given keys and a given time, without asking anybody. One algorithm and one token type, unless the
/// settings name more; nothing in the token's header chooses a key beyond its id, or an address.
/// </summary>
/// <remarks>RFC 9068 section 4, RFC 8725 section 3.</remarks>
internal sealed class AccessTokenValidator(CentralSiteOptions options)
{
    private readonly string _issuer = options.Issuer;
    private readonly string? _audience = options.Audience;
    private readonly string? _siteAudience = options.AcceptSiteAudience ? options.Issuer : null;
    private readonly TimeSpan _skew = options.ClockSkew;
    private readonly AccessTokenHeader _header = new(options.TokenAlgorithms, options.TokenTypes);
    private readonly bool _hasOtherTypes = options.TokenTypes.Contains(AccessTokenHeader.AnyTokenType);
    private readonly ClaimMap? _map = options.TokenClaims.Count > 0 ? new ClaimMap(options.TokenClaims) : null;

    /// <summary>Checks the token's form, signature and claims.</summary>
    public AccessTokenResult Validate(ReadOnlySpan<char> compact, SigningKeySet keys, DateTimeOffset now)
    {
        AccessTokenFailure failure = Open(compact, keys, _header, out JsonDocument? claims);
        using (claims)
        {
            if (claims is null)
            {
                return failure;
            }

            if (_hasOtherTypes && IsMeantOtherwise(claims.RootElement))
            {
                return AccessTokenFailure.Claims;
            }

            using JsonDocument? mapped = _map?.Apply(claims.RootElement);
            return CheckClaims((mapped ?? claims).RootElement, now);
        }
    }

    /// <summary>Checks form and signature only, of a token of the central site. The claims, which the caller disposes, are null when these are not good.</summary>
    public static AccessTokenFailure Open(ReadOnlySpan<char> compact, SigningKeySet keys, out JsonDocument? claims) =>
        Open(compact, keys, AccessTokenHeader.Default, out claims);

    private static AccessTokenFailure Open(ReadOnlySpan<char> compact, SigningKeySet keys, AccessTokenHeader allowed, out JsonDocument? claims)
    {
        claims = null;
        if (!JsonWebToken.TryParse(compact, out JsonWebToken token))
        {
            return AccessTokenFailure.Malformed;
        }

        using (token)
        {
            if (allowed.Read(token.Header) is not var (algorithm, keyId))
            {
                return AccessTokenFailure.Header;
            }

            if (keys.Find(keyId) is not { } key)
            {
                return AccessTokenFailure.UnknownKey;
            }

            if (!key.Verify(algorithm, token.SigningInput, token.Signature))
            {
                return AccessTokenFailure.Signature;
            }

            // A copy, since the token's buffer goes back to its pool here.
            claims = StrictJson.ParseObject(token.Payload.ToArray());
            return claims is null ? AccessTokenFailure.Malformed : AccessTokenFailure.None;
        }
    }

    /// <summary>
    /// Whether claims are of an ID token or a logout token, or say that the token is no bearer token. Where access tokens have no type
    /// of their own, only that tells them apart.
    /// </summary>
    /// <remarks>RFC 8725 section 3.12; OpenID Connect Core section 2, Back-Channel Logout section 2.4.</remarks>
    private static bool IsMeantOtherwise(JsonElement claims) =>
        claims.Has("nonce"u8) || claims.Has("at_hash"u8) || claims.Has("c_hash"u8) || claims.Has("events"u8) ||
        (claims.TryGetProperty("typ"u8, out JsonElement type) && type.AsText() != "Bearer");

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
