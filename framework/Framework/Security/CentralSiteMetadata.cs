using System.Text.Json;

namespace Microservices.Security;

/// <summary>The addresses of the central site that services call, as its discovery document names them.</summary>
/// <remarks>OpenID Connect Discovery section 4, RFC 8414 section 3.</remarks>
internal sealed record CentralSiteMetadata(Uri Keys, Uri? Introspection, Uri? Token)
{
    /// <summary>Reads the document.</summary>
    /// <exception cref="CentralSiteException">It is not JSON, is of another issuer, or names an address of another origin.</exception>
    public static CentralSiteMetadata Read(ReadOnlyMemory<byte> json, CentralSiteOptions options)
    {
        using JsonDocument document = StrictJson.ParseObject(json) ?? throw new CentralSiteException("The discovery document is not a JSON object.");
        JsonElement root = document.RootElement;
        if (root.Text("issuer"u8) != options.Issuer)
        {
            throw new CentralSiteException($"The discovery document is not of the issuer '{options.Issuer}': check CENTRAL_SITE_ISSUER.");
        }

        return new CentralSiteMetadata(
            Address(root, "jwks_uri", options) ?? throw new CentralSiteException("The discovery document names no jwks_uri."),
            Address(root, "introspection_endpoint", options),
            Address(root, "token_endpoint", options));
    }

    private static Uri? Address(JsonElement root, string name, CentralSiteOptions options)
    {
        if (!root.TryGetProperty(name, out JsonElement member))
        {
            return null;
        }

        string issuerOrigin = Origin(new Uri(options.Issuer));
        if (!Uri.TryCreate(member.AsText(), UriKind.Absolute, out Uri? address) || Origin(address) != issuerOrigin || address.UserInfo.Length > 0)
        {
            throw new CentralSiteException($"The discovery document's {name} is not of the issuer's origin.");
        }

        // Joined as text: a path that begins with two slashes would name another host when resolved against a base.
        return new Uri(Origin(options.Url) + address.PathAndQuery);
    }

    private static string Origin(Uri address) => address.GetLeftPart(UriPartial.Authority);
}
