using System.Text.Json;
using Central.Keys;
using Central.OAuth.Tokens;
using Central.Settings;

namespace Central.Clients;

/// <summary>What a client signs to prove who it is, <c>private_key_jwt</c>: once for each request.</summary>
/// <remarks>RFC 7523 sections 2.2 and 3, OpenID Connect Core section 9, RFC 8725.</remarks>
internal sealed class ClientAssertion(CentralSettings settings, TimeProvider time)
{
    /// <summary>The one <c>client_assertion_type</c>.</summary>
    public const string Type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /// <summary>How far ahead an assertion may end.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(5);

    /// <summary>How much a client's clock may go before this one.</summary>
    private static readonly TimeSpan s_skew = TimeSpan.FromSeconds(30);

    /// <summary>A key that nobody has the other half of: checking with it takes the time that a client's own takes.</summary>
    private static readonly SigningKey s_decoy = MakeDecoy();

    /// <summary>Whose an assertion says it is; null when it says nothing. Anybody can write that: it tells which client's keys to check with.</summary>
    public static string? SubjectOf(string assertion)
    {
        if (!JsonWebToken.TryParse(assertion, out var token))
        {
            return null;
        }

        using (token)
        using (var claims = StrictJson.ParseObject(token.Payload))
        {
            return claims?.RootElement.Text("sub"u8);
        }
    }

    /// <summary>Whether an assertion is the client's, for this site, of now, and seen for the first time. It is remembered then.</summary>
    /// <param name="platform">The platform tenant.</param>
    /// <param name="client">The client; null when there is none, which takes the same time.</param>
    /// <param name="assertion">The assertion.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    public async Task<bool> AcceptAsync(TenantDb platform, OAuthClient? client, string assertion, CancellationToken cancellationToken)
    {
        var keys = client is null ? null : ClientKeys.TryRead(client.Jwks);
        using var claims = SignedToken.Open(assertion, kid => (kid is null ? keys?.Only : keys?.Find(kid)) ?? s_decoy, null, "JWT", "client-authentication+jwt");
        if (client is null || claims is null || Check(claims.RootElement, client.ClientId) is not (var jti, var end))
        {
            return false;
        }

        try
        {
            // The row's name is what makes it unique, for all processes.
            var used = new UsedAssertion { Name = SecretStore.HashOf($"{client.ClientId}\n{jti}"), ExpiresAt = end.UtcDateTime };
            await platform.InsertAsync(used, ignorePermissions: true, cancellationToken);
            return true;
        }
        catch (DuplicateEntryException)
        {
            return false;
        }
    }

    /// <summary>The id and the end of an assertion whose claims are right, otherwise null.</summary>
    private (string Jti, DateTimeOffset End)? Check(JsonElement claims, string clientId)
    {
        var now = time.GetUtcNow();
        var isOfClient = claims.Text("iss"u8) == clientId && claims.Text("sub"u8) == clientId;

        // As text and as nothing else: an assertion that is good for a second server could be used there by the first.
        var isForThisSite = claims.Text("aud"u8) == settings.Issuer;
        return isOfClient && isForThisSite && !LiesAhead(claims, "iat"u8, now) && !LiesAhead(claims, "nbf"u8, now) &&
            claims.Time("exp"u8) is { } end && now < end && end <= now + s_longest && claims.Text("jti"u8) is { } jti ? (jti, end) : null;
    }

    /// <summary>Whether a time, which may be left out, lies ahead or is no time.</summary>
    private static bool LiesAhead(JsonElement claims, ReadOnlySpan<byte> name, DateTimeOffset now) =>
        claims.Has(name) && (claims.Time(name) is not { } moment || moment > now + s_skew);

    private static SigningKey MakeDecoy()
    {
        using var document = JsonDocument.Parse(PrivateSigningKey.Create().Key.PublicJwk().ToJsonString());
        return SigningKey.TryRead(document.RootElement)!;
    }
}
