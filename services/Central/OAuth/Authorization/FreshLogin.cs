using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Central.OAuth.Authorization;

/// <summary>
/// Remembers, in the address that a login leads back to, since when a client waits for a fresh login. The mark is protected, so that
/// nobody makes one of their own.
/// </summary>
internal sealed class FreshLogin(IDataProtectionProvider protection, TimeProvider time)
{
    /// <summary>The parameter that carries the mark.</summary>
    public const string Parameter = "login_after";

    private readonly IDataProtector _protector = protection.CreateProtector("Central.OAuth.Authorization.FreshLogin");

    /// <summary>A mark of this moment.</summary>
    public string Mark()
    {
        var moment = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(moment, time.GetUtcNow().ToUnixTimeMilliseconds());
        return Base64Url.EncodeToString(_protector.Protect(moment));
    }

    /// <summary>Whether a login is younger than the mark; without a mark, or with one that is not this site's, it is not.</summary>
    public bool IsYounger(DateTimeOffset login, string? mark)
    {
        if (mark is null || !Base64Url.IsValid(mark))
        {
            return false;
        }

        try
        {
            return login.ToUnixTimeMilliseconds() >= BinaryPrimitives.ReadInt64BigEndian(_protector.Unprotect(Base64Url.DecodeFromChars(mark)));
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
