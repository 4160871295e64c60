using System.Security.Cryptography;
using System.Text;
using Central.Keys;
using Central.Settings;

namespace Central.Limits;

/// <summary>
/// The cookie <c>device</c>, by which a browser shows that a user has signed in with it before: a random id and its HMAC with the user's id.
/// It opens nothing. It gives the browser a count of failures of its own, so that strangers who guess do not lock the user out.
/// </summary>
internal sealed class DeviceCookie(KeyEncryption encryption, CentralSettings settings)
{
    private const string Name = "device";
    private const int IdDigits = 32;

    private static readonly TimeSpan s_lifetime = TimeSpan.FromDays(365);

    private readonly byte[] _key = encryption.DeriveKey("device cookie");

    /// <summary>The id of a browser with which this user has signed in; null for every other.</summary>
    public string? Find(HttpContext context, string? userId)
    {
        // Nobody's cookie is computed too, so that time tells nothing of who is a user.
        var value = context.Request.Cookies[Name] is { Length: > IdDigits } sent ? sent : new string('0', IdDigits);
        var id = value[..IdDigits];
        var isRight = CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(value), Encoding.UTF8.GetBytes(ValueOf(id, userId ?? "")));
        return isRight && userId is not null ? id : null;
    }

    /// <summary>Lets the browser of a user who has signed in know itself again.</summary>
    public void Remember(HttpContext context, string userId)
    {
        var id = Find(context, userId) ?? RandomNumberGenerator.GetHexString(IdDigits, lowercase: true);
        context.Response.Cookies.Append(
            Name, ValueOf(id, userId), new() { HttpOnly = true, Secure = settings.HasSecureCookies, SameSite = SameSiteMode.Lax, Path = "/", MaxAge = s_lifetime });
    }

    private string ValueOf(string id, string userId) => id + Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{id}\0{userId}")));
}
