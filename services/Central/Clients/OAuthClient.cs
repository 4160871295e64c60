using Central.OAuth.Consents;
using Central.OAuth.Grants;
using Central.Platform;
using Central.Settings;
using Central.Users;

namespace Central.Clients;

/// <summary>
/// A client of the OAuth endpoints, in the words of RFC 7591. Its secrets are kept apart and never served. Lists hold one item a
/// line, scopes are separated by spaces.
/// </summary>
[DocType("OAuth Client", Naming = "field:client_id", TitleField = "client_name", AllowRename = false, AllowCustomPermissions = false, Description = "A program that gets or checks tokens.")]
[Permission(RoleNames.PlatformAdministrator, Rights.All)]
public sealed class OAuthClient : Document
{
    private const int MaxClientIdLength = 120;

    [Field(Label = "Client id", Required = true, SetOnlyOnce = true)]
    public string ClientId { get; set; } = "";

    public string ClientName { get; set; } = "";

    public bool Enabled { get; set; } = true;

    [Field(Required = true, Default = "web"), Select("web", "native")]
    public string ApplicationType { get; set; } = "web";

    [Field(Required = true, Default = "client_secret_basic", Description = "A client with a secret may send it either way.")]
    [Select("client_secret_basic", "client_secret_post", "private_key_jwt", "none")]
    public string TokenEndpointAuthMethod { get; set; } = "client_secret_basic";

    [Text, Field(Label = "JWK set", Description = "Public keys of a client that authenticates with private_key_jwt: a JWK set.")]
    public string Jwks { get; set; } = "";

    [Text, Field(Label = "Redirect URIs", Description = "One a line, compared letter by letter.")]
    public string RedirectUris { get; set; } = "";

    [Text, Field(Label = "Post-logout redirect URIs", Description = "Where a browser may go after logging out, one a line.")]
    public string PostLogoutRedirectUris { get; set; } = "";

    [Text, Field(Label = "Allowed CORS origins", Description = "Origins whose pages may call token, userinfo and revocation, one a line.")]
    public string AllowedCorsOrigins { get; set; } = "";

    [Text, Field(Description = "Separated by spaces. A resource server has none.")]
    public string GrantTypes { get; set; } = "";

    [Field(Required = true, Default = "code"), Select("code")]
    public string ResponseTypes { get; set; } = "code";

    [Text, Field(Description = "Scopes the client may ask for, separated by spaces.")]
    public string Scope { get; set; } = "";

    [Link("Tenant"), Field(Length = 64, Description = "The only tenant whose users and data the client sees. Empty: users of any tenant, and its own tokens are of the platform.")]
    public string Tenant { get; set; } = "";

    [Text, Field(Description = "Roles of the client's own tokens, one a line.")]
    public string Roles { get; set; } = "";

    [Text, Field(Description = "Audiences the client may ask for, one a line; the first is the default. Empty: the whole site.")]
    public string Resources { get; set; } = "";

    [Text, Field(Description = "Audiences whose tokens the client may introspect, one a line.")]
    public string Introspects { get; set; } = "";

    [Field(Label = "May introspect sessions")]
    public bool MayIntrospectSessions { get; set; }

    [Field(Label = "May introspect API keys")]
    public bool MayIntrospectApiKeys { get; set; }

    [Field(Description = "A program of the platform's own.")]
    public bool FirstParty { get; set; }

    [Field(Description = "Whether users are asked. Only a first-party client can do without.")]
    public bool RequireConsent { get; set; } = true;

    [Field(Description = "Whether the client may send passwords of users; only a first-party client, and only while the site allows it.")]
    public bool PasswordGrant { get; set; }

    [Field(Description = "Whether the client gets refresh tokens without asking for offline_access, as old Frappe clients expect.")]
    public bool ImpliesOfflineAccess { get; set; }

    [Field(Label = "Access token lifetime", NonNegative = true, Description = "Seconds, 3600 at most. 0: the site's default.")]
    public int AccessTokenLifetimeS { get; set; }

    [Field(Label = "Authorization code lifetime", NonNegative = true, Description = "Seconds, 600 at most. 0: the site's default.")]
    public int AuthorizationCodeLifetimeS { get; set; }

    [Field(Label = "Refresh token absolute lifetime", NonNegative = true, Description = "Seconds. 0: the site's default.")]
    public int RefreshTokenAbsoluteLifetimeS { get; set; }

    /// <summary>The items of a list.</summary>
    internal static string[] Lines(string list) => list.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The words of a text of scopes or grants.</summary>
    internal static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Whether the client must prove who it is.</summary>
    internal bool IsConfidential => TokenEndpointAuthMethod is not "none";

    /// <summary>Whether the client proves it with a secret.</summary>
    internal bool HasSecret => TokenEndpointAuthMethod is "client_secret_basic" or "client_secret_post";

    /// <summary>Whether the client proves it with a signature.</summary>
    internal bool HasKeys => TokenEndpointAuthMethod is "private_key_jwt";

    internal bool IsNative => ApplicationType is "native";

    /// <summary>Whether the client has to do with a tenant.</summary>
    internal bool IsForTenant(string tenant) => Tenant.Length == 0 || Tenant == tenant;

    /// <summary>What people call it.</summary>
    internal string DisplayName => ClientName.Length > 0 ? ClientName : ClientId;

    /// <summary>Whether the client is registered for a grant. That of passwords has a member of its own, so that it is never one of a list by mistake.</summary>
    internal bool MayUse(string grantType) => grantType is OAuth.Grants.GrantTypes.Password ? PasswordGrant && FirstParty : Words(GrantTypes).Contains(grantType, StringComparer.Ordinal);

    protected override ValueTask Validate(DocumentContext context)
    {
        RoleNames.RequireGrantable(context.User, Lines(Roles).Concat(Lines(((OAuthClient?)context.Before)?.Roles ?? "")));

        // A form may break lines where the protocol has blanks.
        (Scope, GrantTypes) = (OneLine(Scope), OneLine(GrantTypes));
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

        if (AuthorizationCodeLifetimeS > CentralSettings.MaxAuthorizationCodeLifetime)
        {
            throw new ValidationException($"authorization_code_lifetime_s is {CentralSettings.MaxAuthorizationCodeLifetime} at most");
        }

        if (Lines(RedirectUris).Concat(Lines(PostLogoutRedirectUris)).FirstOrDefault(uri => !RedirectUri.IsRegistrable(uri, IsNative)) is { } wrong)
        {
            throw new ValidationException($"{wrong} cannot be a redirect address: it is https, http on this machine, or a native client's own scheme, without fragment, wildcard or user");
        }

        if (Lines(AllowedCorsOrigins).FirstOrDefault(origin => !RedirectUri.IsOrigin(origin)) is { } foreign)
        {
            throw new ValidationException($"{foreign} is no origin such as https://app.example");
        }

        if (!RequireConsent && !FirstParty)
        {
            throw new ValidationException("Only a first_party client can do without consent");
        }

        if (PasswordGrant && !FirstParty)
        {
            throw new ValidationException("Only a first_party client can have the password grant");
        }

        if (HasKeys && ClientKeys.TryRead(Jwks) is null)
        {
            throw new ValidationException("private_key_jwt takes jwks: a JWK set of public P-256 keys for ES256, no two of one kid");
        }

        if (Words(Scope).Any(scope => !IsScopeToken(scope)))
        {
            throw new ValidationException("A scope holds visible ASCII characters other than \" and \\");
        }

        return default;
    }

    /// <summary>What was granted to a client that is gone or disabled ends with it.</summary>
    protected override async ValueTask AfterUpdate(DocumentContext context)
    {
        if (!Enabled && context.Before is OAuthClient { Enabled: true })
        {
            await GrantStore.RevokeOfClientAsync(context.Db, ClientId, context.CancellationToken);
        }
    }

    protected override async ValueTask AfterDelete(DocumentContext context)
    {
        await SecretStore.RemoveAllAsync(context.Db, SecretHolder.Client(ClientId), context.CancellationToken);
        await GrantStore.RevokeOfClientAsync(context.Db, ClientId, context.CancellationToken);
        await ConsentStore.ForgetClientAsync(context.Db, ClientId, context.CancellationToken);
    }

    private static string OneLine(string text) => string.Join(' ', text.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));

    // RFC 6749 section 3.3.
    private static bool IsScopeToken(string scope) => !scope.AsSpan().ContainsAnyExceptInRange('!', '~') && !scope.AsSpan().ContainsAny('"', '\\');
}
