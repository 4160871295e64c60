using Central.Platform;
using Central.Settings;
using Central.Users;

namespace Central.Clients;

/// <summary>
/// A client of the OAuth endpoints, in the words of RFC 7591. Its secrets are kept apart and never served. Lists hold one item a
/// line, scopes are separated by spaces.
/// </summary>
[DocType("OAuth Client", Naming = "field:client_id", TitleField = "client_name", Description = "A program that gets or checks tokens.")]
[Permission(RoleNames.PlatformAdministrator, Rights.All)]
public sealed class OAuthClient : Document
{
    private const int MaxClientIdLength = 120;

    [Field(Required = true, SetOnlyOnce = true)]
    public string ClientId { get; set; } = "";

    public string ClientName { get; set; } = "";

    public bool Enabled { get; set; } = true;

    [Field(Required = true, Default = "client_secret_basic", Description = "A client with a secret may send it either way."), Select("client_secret_basic", "client_secret_post", "none")]
    public string TokenEndpointAuthMethod { get; set; } = "client_secret_basic";

    [Text, Field(Description = "Separated by spaces. A resource server has none.")]
    public string GrantTypes { get; set; } = "";

    [Text, Field(Description = "Scopes the client may ask for, separated by spaces.")]
    public string Scope { get; set; } = "";

    [Link("Tenant"), Field(Length = 64, Description = "Tenant of the client's own tokens. Empty: the platform.")]
    public string Tenant { get; set; } = "";

    [Text, Field(Description = "Roles of the client's own tokens, one a line.")]
    public string Roles { get; set; } = "";

    [Text, Field(Description = "Audiences the client may ask for, one a line; the first is the default. Empty: the whole site.")]
    public string Resources { get; set; } = "";

    [Text, Field(Description = "Audiences whose tokens the client may introspect, one a line.")]
    public string Introspects { get; set; } = "";

    public bool MayIntrospectSessions { get; set; }

    public bool MayIntrospectApiKeys { get; set; }

    public bool FirstParty { get; set; }

    [Field(NonNegative = true, Description = "Seconds, 3600 at most. 0: the site's default.")]
    public int AccessTokenLifetimeS { get; set; }

    /// <summary>The items of a list.</summary>
    internal static string[] Lines(string list) => list.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The words of a text of scopes or grants.</summary>
    internal static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Whether the client must prove who it is.</summary>
    internal bool IsConfidential => TokenEndpointAuthMethod is not "none";

    protected override ValueTask Validate(DocumentContext context)
    {
        if (ClientId.Length > MaxClientIdLength || ClientId.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw new ValidationException($"A client_id is 1 to {MaxClientIdLength} visible ASCII characters without blanks");
        }

        // sub is a user id or a client id, and nobody may take one for the other.
        if (ClientId.StartsWith(Account.IdPrefix, StringComparison.OrdinalIgnoreCase))
        {
            throw new ValidationException($"A client_id cannot start with {Account.IdPrefix}");
        }

        if (AccessTokenLifetimeS > CentralSettings.MaxAccessTokenLifetime)
        {
            throw new ValidationException($"access_token_lifetime_s is {CentralSettings.MaxAccessTokenLifetime} at most");
        }

        if (Words(Scope).Any(scope => !IsScopeToken(scope)))
        {
            throw new ValidationException("A scope holds visible ASCII characters other than \" and \\");
        }

        return default;
    }

    protected override async ValueTask AfterDelete(DocumentContext context) =>
        await SecretStore.RemoveAllAsync(context.Db, SecretHolder.Client(ClientId), context.CancellationToken);

    // RFC 6749 section 3.3.
    private static bool IsScopeToken(string scope) => !scope.AsSpan().ContainsAnyExceptInRange('!', '~') && !scope.AsSpan().ContainsAny('"', '\\');
}
