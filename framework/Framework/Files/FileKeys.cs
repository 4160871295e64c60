using System.Security.Cryptography;
using Microservices.Security;

namespace Microservices.Files;

/// <summary>
/// Keys of a store. Bytes lie under their tenant; a public file has a note beside them, found by the id in its address, that tells the tenant: who asks for
/// a public file has no credentials that would.
/// </summary>
internal static class FileKeys
{
    private const string TenantPrefix = "t-";
    private const string Notes = "public/";
    private const int IdBytes = 16;

    /// <summary>A new id: 128 random bits in hexadecimal.</summary>
    public static string NewId() => RandomNumberGenerator.GetHexString(IdBytes * 2, lowercase: true);

    public static bool IsId(string text) => text.Length == IdBytes * 2 && text.All(char.IsAsciiHexDigitLower);

    /// <summary>Of the bytes of a file.</summary>
    public static string Bytes(Tenant tenant, string id) => $"{TenantPrefix}{tenant.Id}/{id}";

    /// <summary>Of the note that tells whose a public file is.</summary>
    public static string Note(string id) => Notes + id;

    public static bool IsNote(string key) => key.StartsWith(Notes, StringComparison.Ordinal);

    /// <summary>Whose bytes a key names; null for a note, and for what is not finished.</summary>
    public static Tenant? TenantOf(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return slash > TenantPrefix.Length && key.StartsWith(TenantPrefix, StringComparison.Ordinal) && Tenant.IsValid(key[TenantPrefix.Length..slash])
            ? new Tenant(key[TenantPrefix.Length..slash])
            : null;
    }
}
