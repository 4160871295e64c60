using System.Text.Json;
using Central.Settings;

namespace Central.Passkeys;

/// <summary>
/// For which addresses passkeys are: <c>CENTRAL_PASSKEY_RP_ID</c> and <c>CENTRAL_PASSKEY_ORIGINS</c>, or the same in a seed. Fixed at start and
/// never taken from a request.
/// </summary>
internal sealed class PasskeySettings
{
    private const string RpIdName = "passkey_rp_id";
    private const string OriginsName = "passkey_origins";

    /// <param name="reader">Gathers what is wrong.</param>
    /// <param name="address">The issuer.</param>
    public PasskeySettings(SettingReader reader, string address)
    {
        var issuer = new Uri(address);
        RpId = reader.Text(RpIdName) is { Length: > 0 } rpId ? rpId : issuer.Host;
        Origins = reader.Text(OriginsName) is { Length: > 0 } origins ? Split(origins) : [issuer.GetLeftPart(UriPartial.Authority)];
        if (Origins.FirstOrDefault(origin => !IsOriginOf(RpId, origin)) is { } wrong)
        {
            reader.Refuse($"{OriginsName} holds origins such as https://login.example.org whose host is {RpIdName} or ends with it: '{wrong}' is none for '{RpId}'.");
        }
    }

    /// <summary>The domain that passkeys are bound to. The default is the host of the issuer.</summary>
    public string RpId { get; }

    /// <summary>The origins whose pages may use them. The default is the origin of the issuer.</summary>
    public IReadOnlyList<string> Origins { get; }

    /// <summary>A list as the environment has it, separated by blanks or commas, or as a seed has it.</summary>
    private static string[] Split(string text)
    {
        try
        {
            return text.StartsWith('[') ? JsonSerializer.Deserialize<string[]>(text) ?? [] : text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        }
        catch (JsonException)
        {
            return [text]; // no origin, and told as such
        }
    }

    /// <remarks>WebAuthn level 3, section 5.1.3: browsers want https, or this machine.</remarks>
    private static bool IsOriginOf(string rpId, string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.GetLeftPart(UriPartial.Authority) == origin &&
        (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback)) &&
        (uri.Host == rpId || uri.Host.EndsWith("." + rpId, StringComparison.Ordinal));
}
