using Central.Clients;
using Central.Platform;
using Central.Settings;

namespace Central.OAuth;

/// <summary>Chooses where a token is good, and which roles it may carry there.</summary>
/// <remarks>RFC 8707 section 2.</remarks>
internal sealed class Audiences(CentralSettings settings)
{
    /// <summary>The audience of a client's tokens: what it asks for, else the first that it is registered for, else the whole site.</summary>
    /// <exception cref="OAuthError">The client may not ask for it.</exception>
    public string Choose(OAuthClient client, string? asked)
    {
        var allowed = AllowedOf(client);
        return asked is null ? allowed[0] : allowed.Contains(asked, StringComparer.Ordinal) ? asked : throw OAuthError.InvalidTarget();
    }

    /// <summary>Whether a client may have tokens for an audience, as it is registered now.</summary>
    public bool Allows(OAuthClient client, string audience) => AllowedOf(client).Contains(audience, StringComparer.Ordinal);

    /// <summary>Rights on the platform go into tokens for the central site itself and no others: a service that gets a token cannot use them here.</summary>
    public IReadOnlyList<string> Limit(IEnumerable<string> roles, string audience) => [.. roles.Where(role => audience == settings.Audience || !RoleNames.IsOfPlatform(role))];

    /// <summary>A client with rights on the platform gets tokens for the central site alone, which mean nothing elsewhere.</summary>
    private string[] AllowedOf(OAuthClient client) => OAuthClient.Lines(client.Resources) is { Length: > 0 } registered ? registered
        : [OAuthClient.Lines(client.Roles).Any(RoleNames.IsOfPlatform) ? settings.Audience : settings.Issuer];
}
