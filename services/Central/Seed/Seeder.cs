using Central.ApiKeys;
using Central.Clients;
using Central.Factors;
using Central.Platform;
using Central.Settings;
using Central.Tenants;
using Central.Users;

namespace Central.Seed;

/// <summary>
/// Makes what a seed lists and the database does not have. What is there stays as it is, so that a second start changes nothing and
/// undoes nothing.
/// </summary>
internal sealed partial class Seeder(
    SeedFile file, PlatformDatabase platform, PasswordHashing passwords, TotpStore apps, ILogger<Seeder> logger)
{
    /// <exception cref="StartupException">An entry is incomplete or not allowed; the message names it.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (file.Path is null)
        {
            return;
        }

        WarnOfUnknown();
        var seed = file.Content;
        await EachAsync("tenants", seed.Tenants, (db, tenant) => TenantAsync(db, tenant, cancellationToken), cancellationToken);
        await EachAsync("users", seed.Users, (db, user) => UserAsync(db, user, cancellationToken), cancellationToken);
        await EachAsync("clients", seed.Clients, (db, client) => ClientAsync(db, client, cancellationToken), cancellationToken);
        await EachAsync("api_keys", seed.ApiKeys, (db, key) => ApiKeyAsync(db, key, cancellationToken), cancellationToken);
    }

    private async Task EachAsync<T>(string list, List<T>? items, Func<TenantDb, T, Task> make, CancellationToken cancellationToken)
    {
        for (var i = 0; i < items?.Count; i++)
        {
            try
            {
                await platform.InTransactionAsync(db => make(db, items[i]), cancellationToken);
            }
            catch (DuplicateEntryException)
            {
                // Another process made it between the look and the write.
            }
            catch (FrameworkException exception) when (exception.StatusCode < StatusCodes.Status500InternalServerError)
            {
                throw new StartupException($"The seed {file.Path} holds an entry that cannot be made: {list}[{i}]: {exception.Message}", exception);
            }
        }
    }

    private static async Task TenantAsync(TenantDb db, SeedTenant seed, CancellationToken cancellationToken)
    {
        var tenant = TenantOf(seed.Id, "id");
        if (!await db.ExistsAsync("Tenant", tenant.Id, cancellationToken))
        {
            await TenantProvisioning.InsertTenantAsync(db, tenant, seed.Name ?? tenant.Id, cancellationToken);
            if (seed.RequireSecondFactor)
            {
                await db.UpdateAsync<TenantRecord>(tenant.Id, stored => stored.RequireSecondFactor = true, ignorePermissions: true, cancellationToken);
            }
        }
    }

    private async Task UserAsync(TenantDb db, SeedUser seed, CancellationToken cancellationToken)
    {
        var username = LoginName.Normalize(Required(seed.Username ?? seed.Email, "username")) ?? throw new ValidationException("username can be no user name");
        if (await AccountStore.FindByLoginAsync(db, username, cancellationToken) is not null)
        {
            return;
        }

        var account = new Account
        {
            Name = seed.Id ?? AccountStore.NewId(),
            Username = username,
            Email = LoginName.Normalize(seed.Email ?? username) ?? throw new ValidationException("email can be no address"),
            EmailVerified = seed.EmailVerified,
            PasswordHash = seed.PasswordHash ?? await passwords.HashAsync(Required(seed.Password, "password"), cancellationToken),
            HomeTenant = TenantOf(seed.Tenant, "tenant").Id,
        };
        if (!account.Name.StartsWith(Account.IdPrefix, StringComparison.Ordinal))
        {
            throw new ValidationException($"id must start with {Account.IdPrefix}, so that it is never a client's id");
        }

        var profile = new User { FullName = seed.FullName ?? username, GivenName = seed.GivenName ?? "", FamilyName = seed.FamilyName ?? "", Language = seed.Language ?? "", Enabled = seed.Enabled };
        await TenantProvisioning.InsertUserAsync(db, account, profile, [.. (seed.Roles ?? []).Distinct(StringComparer.Ordinal)], cancellationToken);
        if (seed.TotpSecret is { Length: > 0 } secret)
        {
            await apps.SetAsync(db, account.Name, Totp.FromBase32(secret), lastStep: 0, cancellationToken);
        }
    }

    private static async Task ClientAsync(TenantDb db, SeedClient seed, CancellationToken cancellationToken)
    {
        var clientId = Required(seed.ClientId, "client_id");
        if (await db.ExistsAsync("OAuth Client", clientId, cancellationToken))
        {
            return;
        }

        var client = new OAuthClient
        {
            ClientId = clientId,
            ClientName = seed.ClientName ?? clientId,
            TokenEndpointAuthMethod = seed.TokenEndpointAuthMethod ?? (seed.ClientSecret is null ? "none" : "client_secret_basic"),
            ApplicationType = seed.ApplicationType ?? "web",
            Jwks = seed.Jwks?.GetRawText() ?? "",
            RedirectUris = string.Join('\n', seed.RedirectUris ?? []),
            PostLogoutRedirectUris = string.Join('\n', seed.PostLogoutRedirectUris ?? []),
            AllowedCorsOrigins = string.Join('\n', seed.AllowedCorsOrigins ?? []),
            GrantTypes = string.Join(' ', seed.GrantTypes ?? []),
            ResponseTypes = string.Join(' ', seed.ResponseTypes ?? ["code"]),
            Scope = seed.Scope ?? "",
            Tenant = seed.Tenant ?? "",
            Roles = string.Join('\n', seed.Roles ?? []),
            Resources = string.Join('\n', seed.Resources ?? []),
            Introspects = string.Join('\n', seed.Introspects ?? []),
            MayIntrospectSessions = seed.MayIntrospectSessions,
            MayIntrospectApiKeys = seed.MayIntrospectApiKeys,
            FirstParty = seed.FirstParty,
            RequireConsent = seed.RequireConsent ?? true,
            PasswordGrant = seed.PasswordGrant,
            ImpliesOfflineAccess = seed.ImpliesOfflineAccess,
            AccessTokenLifetimeS = seed.AccessTokenLifetimeS,
            AuthorizationCodeLifetimeS = seed.AuthorizationCodeLifetimeS,
            RefreshTokenAbsoluteLifetimeS = seed.RefreshTokenAbsoluteLifetimeS,
        };
        await db.InsertAsync(client, ignorePermissions: true, cancellationToken);
        if (client.HasSecret)
        {
            await SecretStore.AddAsync(db, SecretHolder.Client(clientId), Required(seed.ClientSecret, "client_secret"), keep: 0, cancellationToken);
        }
    }

    private static async Task ApiKeyAsync(TenantDb db, SeedApiKey seed, CancellationToken cancellationToken)
    {
        var key = Required(seed.Key, "key");
        if (await db.ExistsAsync("API Key", key, cancellationToken))
        {
            return;
        }

        var user = Required(seed.User, "user");
        var account = await AccountStore.FindByLoginAsync(db, user, cancellationToken) ?? await db.FindDocAsync<Account>(user, cancellationToken)
            ?? throw new ValidationException("user names no user");
        await ApiKeyStore.InsertAsync(
            db,
            new ApiKey
            {
                Name = key,
                UserId = account.Name,
                Tenant = TenantOf(seed.Tenant ?? account.HomeTenant, "tenant").Id,
                Label = seed.Name ?? "",
                Roles = string.Join('\n', seed.Roles ?? []),
                Scope = seed.Scope ?? "",
                ExpiresAt = seed.ExpiresAt?.UtcDateTime,
            },
            Required(seed.Secret, "secret"),
            cancellationToken);
    }

    private static Tenant TenantOf(string? id, string member) =>
        Tenant.IsValid(Required(id, member)) ? new Tenant(id!) : throw new ValidationException($"{member} must be 1 to {Tenant.MaxLength} lower-case letters, digits, '-', '_' or '.'");

    private static string Required(string? value, string member) => string.IsNullOrEmpty(value) ? throw new ValidationException($"{member} is missing") : value;

    private void WarnOfUnknown()
    {
        var seed = file.Content;
        IEnumerable<(string List, IEnumerable<SeedObject>? Items)> lists =
            [("", [seed]), ("tenants", seed.Tenants), ("resources", seed.Resources), ("users", seed.Users), ("clients", seed.Clients), ("api_keys", seed.ApiKeys)];
        var unknown = lists.SelectMany(list => (list.Items ?? []).SelectMany(item => item.Unknown?.Keys ?? Enumerable.Empty<string>()).Select(member => list.List.Length > 0 ? $"{list.List}.{member}" : member))
            .Concat(file.Settings.Keys.Except(CentralSettings.Names, StringComparer.Ordinal).Select(name => "settings." + name))
            .Distinct(StringComparer.Ordinal)
            .ToList();
        if (unknown.Count > 0)
        {
            LogUnknown(logger, string.Join(", ", unknown));
        }
    }

    [LoggerMessage(5201, LogLevel.Warning, "The seed holds members that mean nothing here and are ignored: {Members}")]
    private static partial void LogUnknown(ILogger logger, string members);
}
