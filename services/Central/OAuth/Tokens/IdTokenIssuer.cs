using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Central.OAuth.Grants;
using Central.Settings;
using Central.Users;

namespace Central.OAuth.Tokens;

/// <summary>Writes ID tokens.</summary>
/// <remarks>OpenID Connect Core sections 2 and 3.1.3.6.</remarks>
internal sealed class IdTokenIssuer(JsonWebTokenWriter tokens, CentralSettings settings, TimeProvider time)
{
    /// <summary>The header's <c>typ</c> of ID tokens.</summary>
    public const string Type = "JWT";

    /// <summary>A signed ID token.</summary>
    public string Issue(OAuthGrant grant, Membership member, string scope, string accessToken, SignInClaims signIn, string? nonce)
    {
        var now = time.GetUtcNow();
        return tokens.Write(Type, writer =>
        {
            writer.WriteString("iss", settings.Issuer);
            writer.WriteString("sub", grant.UserId);
            writer.WriteString("aud", grant.ClientId);
            writer.WriteNumber("exp", (now + settings.IdTokenLifetime).ToUnixTimeSeconds());
            writer.WriteNumber("iat", now.ToUnixTimeSeconds());
            if (!string.IsNullOrEmpty(nonce))
            {
                writer.WriteString("nonce", nonce);
            }

            writer.WriteString("at_hash", HalfHash(accessToken));
            signIn.Write(writer);
            UserInfo.Write(writer, member, scope);
        });
    }

    /// <summary>The left half of a token's SHA-256.</summary>
    private static string HalfHash(string token) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(token)).AsSpan(0, SHA256.HashSizeInBytes / 2));
}
