using System.Security.Cryptography;
using System.Text;
using Central.Clients;
using Central.Keys;
using Central.Platform;
using Central.Settings;

namespace Central.Passkeys;

/// <summary>Keeps challenges: each for five minutes, for one browser, which holds an HttpOnly cookie, for one purpose and one answer.</summary>
internal sealed class PasskeyChallenges(PlatformDatabase platform, KeyEncryption encryption, CentralSettings settings, TimeProvider time)
{
    /// <summary>The purpose of signing in.</summary>
    public const string Login = "login";

    /// <summary>How long an answer may take.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private const string DocType = "Passkey Challenge";

    private string CookieName => settings.HasSecureCookies ? "__Host-passkey" : "passkey";

    /// <summary>The purpose of adding a passkey to a user's.</summary>
    public static string RegistrationOf(string userId) => "registration:" + userId;

    /// <summary>Keeps the state of a challenge and gives the browser its cookie.</summary>
    public async Task KeepAsync(HttpContext context, string purpose, string state)
    {
        var cookie = SecretStore.Generate();
        var name = SecretStore.HashOf(cookie);
        await platform.RunAsync(db => db.InsertAsync(
            new PasskeyChallenge { Name = name, State = encryption.Encrypt(Encoding.UTF8.GetBytes(state), NameOf(purpose, name)), ExpiresAt = db.Now + Lifetime },
            ignorePermissions: true,
            context.RequestAborted));
        context.Response.Cookies.Append(CookieName, cookie, Options(Lifetime));
    }

    /// <summary>The state of this browser's challenge; null when there is none of the purpose. Whatever becomes of the answer, the challenge is used up.</summary>
    public async Task<string?> TakeAsync(HttpContext context, string purpose)
    {
        if (context.Request.Cookies[CookieName] is not { Length: > 0 } cookie)
        {
            return null;
        }

        context.Response.Cookies.Delete(CookieName, Options(lifetime: null));
        var name = SecretStore.HashOf(cookie);
        var challenge = await platform.RunAsync(db => db.FindDocAsync<PasskeyChallenge>(name, context.RequestAborted));
        if (challenge is null || !await platform.RunAsync(db => db.TryDeleteAsync(DocType, name, context.RequestAborted)) || time.GetUtcNow().UtcDateTime >= challenge.ExpiresAt)
        {
            return null;
        }

        try
        {
            return Encoding.UTF8.GetString(encryption.Decrypt(challenge.State, NameOf(purpose, name)));
        }
        catch (CryptographicException)
        {
            return null; // it was made for another purpose
        }
    }

    private static string NameOf(string purpose, string name) => $"passkey:{purpose}:{name}";

    private CookieOptions Options(TimeSpan? lifetime) => new() { HttpOnly = true, Secure = settings.HasSecureCookies, SameSite = SameSiteMode.Strict, Path = "/", MaxAge = lifetime };
}
