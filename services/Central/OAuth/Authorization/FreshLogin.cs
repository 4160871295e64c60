using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace Central.OAuth.Authorization;

/// <summary>
/// Remembers, in the address that a login leads back to, since when a client waits for a fresh login. The mark is protected and bound to its
/// request, so that nobody makes one, and old: a login of long ago is no answer to a request that is sent again.
/// </summary>
internal sealed class FreshLogin(IDataProtectionProvider protection, TimeProvider time)
{
    /// <summary>The parameter that carries the mark.</summary>
    public const string Parameter = "login_after";

    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(10);

    private readonly IDataProtector _protector = protection.CreateProtector("Central.OAuth.Authorization.FreshLogin");

    /// <summary>A mark of this moment for a request.</summary>
    public string Mark(IReadOnlyDictionary<string, string> request)
    {
        var mark = new byte[sizeof(long) + SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteInt64BigEndian(mark, time.GetUtcNow().ToUnixTimeMilliseconds());
        HashOf(request).CopyTo(mark, sizeof(long));
        return Base64Url.EncodeToString(_protector.Protect(mark));
    }

    /// <summary>Whether a login is younger than the mark that came with a request; without a mark of this request of the last minutes it is not.</summary>
    public bool IsYounger(DateTimeOffset login, IReadOnlyDictionary<string, string> request)
    {
        if (!request.TryGetValue(Parameter, out var text) || !Base64Url.IsValid(text))
        {
            return false;
        }

        try
        {
            var mark = _protector.Unprotect(Base64Url.DecodeFromChars(text));
            var moment = DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(mark));
            return time.GetUtcNow() - moment <= s_lifetime && login.ToUnixTimeMilliseconds() >= moment.ToUnixTimeMilliseconds() && mark.AsSpan(sizeof(long)).SequenceEqual(HashOf(request));
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static byte[] HashOf(IReadOnlyDictionary<string, string> request) => SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(
        '&', request.Where(parameter => parameter.Key != Parameter).OrderBy(parameter => parameter.Key, StringComparer.Ordinal)
            .Select(parameter => $"{Uri.EscapeDataString(parameter.Key)}={Uri.EscapeDataString(parameter.Value)}"))));
}
