using Central.Keys;
using Central.OAuth.Tokens;
using Central.Settings;

namespace Central.OAuth.Authorization;

/// <summary>Whom an ID token of this site spoke of, and to which client. It may have expired: it is a hint, and proves nothing about who is here.</summary>
/// <remarks>OpenID Connect Core section 3.1.2.1, OpenID Connect RP-Initiated Logout section 2.</remarks>
internal sealed class IdTokenHint(KeyRing keys, CentralSettings settings, TimeProvider time)
{
    /// <summary>The user and the client; null for everything that this site did not sign as an ID token.</summary>
    public (string UserId, string ClientId)? Read(string token)
    {
        if (keys.Find(time.GetUtcNow()) is not { } known || SignedToken.Open(token, known, IdTokenIssuer.Type) is not { } document)
        {
            return null;
        }

        using (document)
        {
            var claims = document.RootElement;
            return claims.Text("iss"u8) == settings.Issuer && claims.Text("sub"u8) is { } userId && claims.Text("aud"u8) is { } clientId ? (userId, clientId) : null;
        }
    }
}
