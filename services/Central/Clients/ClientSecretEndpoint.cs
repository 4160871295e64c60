using Central.Platform;
using Central.Requests;
using Central.Settings;

namespace Central.Clients;

/// <summary>
/// <c>POST /api/method/central.clients.create_secret</c> {client_id}: a new secret of a client, shown this once. The newest older one
/// stays valid until the next call, so that a client can be moved over.
/// </summary>
internal sealed class ClientSecretEndpoint(PlatformDatabase platform, CentralSettings settings, AuditLog audit)
{
    public async Task<IResult> HandleAsync(HttpContext context, CurrentUser user)
    {
        if (user.Tenant != settings.PlatformTenant || !user.Roles.Contains(RoleNames.PlatformAdministrator))
        {
            throw new PermissionException($"This takes the role {RoleNames.PlatformAdministrator}");
        }

        var clientId = (await MethodParameters.ReadAsync(context))["client_id"];
        var secret = await CreateAsync(context, user, clientId);
        return TypedResults.Json(new { message = new { client_id = clientId, client_secret = secret } });
    }

    /// <summary>Makes a secret for a platform administrator, who was asked for before.</summary>
    /// <exception cref="PermissionException">The client has roles that are not for the caller to give.</exception>
    /// <inheritdoc cref="CreateAsync(TenantDb, string, CancellationToken)"/>
    public async Task<string> CreateAsync(HttpContext context, CurrentUser user, string clientId)
    {
        var secret = "";
        await platform.InTransactionAsync(
            async db =>
            {
                var client = await FindAsync(db, clientId, context.RequestAborted);
                RoleNames.RequireGrantable(user, OAuthClient.Lines(client.Roles)); // whoever knows the secret has the client's roles
                secret = await CreateAsync(db, client, context.RequestAborted);
            },
            context.RequestAborted);
        await audit.DoneAsync(context, AuditEvents.ClientSecretCreated, new(user.Subject, user.Tenant.Id, clientId));
        return secret;
    }

    /// <summary>Makes a new secret of a client, within the caller's transaction.</summary>
    /// <exception cref="DoesNotExistException">There is no such client.</exception>
    /// <exception cref="ValidationException">It does not prove itself with a secret.</exception>
    public static async Task<string> CreateAsync(TenantDb db, string clientId, CancellationToken cancellationToken) =>
        await CreateAsync(db, await FindAsync(db, clientId, cancellationToken), cancellationToken);

    private static async Task<OAuthClient> FindAsync(TenantDb db, string clientId, CancellationToken cancellationToken) =>
        await db.FindDocAsync<OAuthClient>(clientId, cancellationToken) ?? throw new DoesNotExistException("There is no such client");

    private static async Task<string> CreateAsync(TenantDb db, OAuthClient client, CancellationToken cancellationToken)
    {
        if (!client.HasSecret)
        {
            throw new ValidationException("This client does not prove itself with a secret");
        }

        var secret = SecretStore.Generate();
        await SecretStore.AddAsync(db, SecretHolder.Client(client.ClientId), secret, keep: 1, cancellationToken);
        return secret;
    }
}
