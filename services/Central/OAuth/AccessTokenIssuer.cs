using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Central.Keys;
using Central.Settings;

namespace Central.OAuth;

/// <summary>What an access token says.</summary>
/// <param name="Subject">User id or client id.</param>
/// <param name="ClientId">To whom it is issued.</param>
/// <param name="Audience">Where it is good.</param>
/// <param name="Scope">Scopes, separated by spaces.</param>
/// <param name="Tenant">The one tenant.</param>
/// <param name="Roles">Roles in that tenant.</param>
/// <param name="Lifetime">How long it is good.</param>
internal sealed record AccessTokenClaims(string Subject, string ClientId, string Audience, string Scope, string Tenant, IReadOnlyList<string> Roles, TimeSpan Lifetime);

/// <summary>Writes and signs access tokens.</summary>
/// <remarks>RFC 9068 section 2, RFC 7515 section 5.1.</remarks>
internal sealed class AccessTokenIssuer(KeyRing keys, CentralSettings settings, TimeProvider time)
{
    private const int JtiBytes = 16;

    /// <summary>A token is never part of a page, so at+jwt is written as it is.</summary>
    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A signed token and its <c>jti</c>.</summary>
    public (string Token, string Jti) Issue(AccessTokenClaims claims)
    {
        var key = keys.Signing;
        var jti = RandomNumberGenerator.GetHexString(JtiBytes * 2, lowercase: true);
        var input = $"{Encode(writer => WriteHeader(writer, key.Kid))}.{Encode(writer => WriteClaims(writer, claims, jti))}";
        return ($"{input}.{Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(input)))}", jti);
    }

    private static void WriteHeader(Utf8JsonWriter writer, string kid)
    {
        writer.WriteString("alg", "ES256");
        writer.WriteString("typ", "at+jwt");
        writer.WriteString("kid", kid);
    }

    private void WriteClaims(Utf8JsonWriter writer, AccessTokenClaims claims, string jti)
    {
        var now = time.GetUtcNow();
        writer.WriteString("iss", settings.Issuer);
        writer.WriteString("sub", claims.Subject);
        writer.WriteString("aud", claims.Audience);
        writer.WriteNumber("exp", (now + claims.Lifetime).ToUnixTimeSeconds());
        writer.WriteNumber("iat", now.ToUnixTimeSeconds());
        writer.WriteString("jti", jti);
        writer.WriteString("client_id", claims.ClientId);
        writer.WriteString("scope", claims.Scope);
        writer.WriteString("tenant", claims.Tenant);
        writer.WriteStartArray("roles");
        foreach (var role in claims.Roles)
        {
            writer.WriteStringValue(role);
        }

        writer.WriteEndArray();
    }

    private static string Encode(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, s_json))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return Base64Url.EncodeToString(buffer.WrittenSpan);
    }
}
