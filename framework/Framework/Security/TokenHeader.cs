using System.Text.Json;

namespace Microservices.Security;

/// <summary>What holds for the header of every signed token, whatever it is for.</summary>
/// <remarks>RFC 7515 sections 4.1 and 5.2, RFC 8725 section 3.10.</remarks>
internal static class TokenHeader
{
    /// <summary>Longest <c>kid</c> that is looked up.</summary>
    public const int MaxKeyIdLength = 256;

    /// <summary>Whether a header brings or names a key of its own, or demands an extension: none that does is accepted.</summary>
    public static bool BringsKeyOrDemand(JsonElement header) =>
        header.Has("crit"u8) || header.Has("jwk"u8) || header.Has("jku"u8) || header.Has("x5u"u8) || header.Has("x5c"u8);
}
