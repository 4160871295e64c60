using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace Central.Sessions;

/// <summary>Carries the address of a client through the logout page, protected: the form that comes back could name any other.</summary>
internal sealed class LogoutTarget(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("Central.Sessions.LogoutTarget");

    public string Protect(string address) => Base64Url.EncodeToString(_protector.Protect(Encoding.UTF8.GetBytes(address)));

    /// <summary>The address, or null when the text is none that this site made.</summary>
    public string? Unprotect(string text)
    {
        try
        {
            return text.Length > 0 && Base64Url.IsValid(text) ? Encoding.UTF8.GetString(_protector.Unprotect(Base64Url.DecodeFromChars(text))) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
