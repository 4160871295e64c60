using System.Text.Json;
using System.Text.Json.Serialization;

namespace Central.Seed;

/// <summary>An object of a seed. Members it does not know are kept, to be warned of.</summary>
internal abstract class SeedObject
{
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>A whole seed.</summary>
internal sealed class SeedDocument : SeedObject
{
    public Dictionary<string, JsonElement>? Settings { get; set; }

    public List<SeedTenant>? Tenants { get; set; }

    public List<SeedResource>? Resources { get; set; }

    public List<SeedUser>? Users { get; set; }

    public List<SeedClient>? Clients { get; set; }

    public List<SeedApiKey>? ApiKeys { get; set; }
}

internal sealed class SeedTenant : SeedObject
{
    public string? Id { get; set; }

    public string? Name { get; set; }

    public bool RequireSecondFactor { get; set; }
}

/// <summary>An audience. Clients name those they may ask for themselves, so nothing is kept of it.</summary>
internal sealed class SeedResource : SeedObject
{
    public string? Id { get; set; }

    public List<string>? Scopes { get; set; }
}

internal sealed class SeedUser : SeedObject
{
    public string? Id { get; set; }

    public string? Username { get; set; }

    public string? Email { get; set; }

    public string? Password { get; set; }

    /// <summary>In place of the password: its hash, as ASP.NET Core Identity writes it.</summary>
    public string? PasswordHash { get; set; }

    public bool EmailVerified { get; set; }

    /// <summary>The secret of an authenticator app, in base32.</summary>
    public string? TotpSecret { get; set; }

    public string? FullName { get; set; }

    public string? GivenName { get; set; }

    public string? FamilyName { get; set; }

    public string? Language { get; set; }

    public string? Tenant { get; set; }

    public List<string>? Roles { get; set; }

    public bool Enabled { get; set; } = true;
}

internal sealed class SeedClient : SeedObject
{
    public string? ClientId { get; set; }

    public string? ClientSecret { get; set; }

    public string? ClientName { get; set; }

    public string? TokenEndpointAuthMethod { get; set; }

    public string? ApplicationType { get; set; }

    public JsonElement? Jwks { get; set; }

    public List<string>? RedirectUris { get; set; }

    public List<string>? PostLogoutRedirectUris { get; set; }

    public List<string>? AllowedCorsOrigins { get; set; }

    public List<string>? GrantTypes { get; set; }

    public List<string>? ResponseTypes { get; set; }

    public string? Scope { get; set; }

    public string? Tenant { get; set; }

    public List<string>? Roles { get; set; }

    public List<string>? Resources { get; set; }

    public List<string>? Introspects { get; set; }

    public bool MayIntrospectSessions { get; set; }

    public bool MayIntrospectApiKeys { get; set; }

    public bool FirstParty { get; set; }

    public bool? RequireConsent { get; set; }

    public bool PasswordGrant { get; set; }

    public bool ImpliesOfflineAccess { get; set; }

    public int AuthorizationCodeLifetimeS { get; set; }

    public int RefreshTokenAbsoluteLifetimeS { get; set; }

    public int AccessTokenLifetimeS { get; set; }
}

internal sealed class SeedApiKey : SeedObject
{
    public string? Key { get; set; }

    public string? Secret { get; set; }

    public string? User { get; set; }

    public string? Tenant { get; set; }

    public string? Name { get; set; }

    public List<string>? Roles { get; set; }

    public string? Scope { get; set; }

    public DateTimeOffset? ExpiresAt { get; set; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(SeedDocument))]
internal sealed partial class SeedJsonContext : JsonSerializerContext;
