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
        var secret = SecretStore.Generate();
        await platform.InTransactionAsync(
            async db =>
            {
                var client = await db.FindDocAsync<OAuthClient>(clientId, context.RequestAborted) ?? throw new DoesNotExistException("There is no such client");
                if (!client.HasSecret)
                {
                    throw new ValidationException("This client does not prove itself with a secret");
                }

                await SecretStore.AddAsync(db, SecretHolder.Client(clientId), secret, keep: 1, context.RequestAborted);
            },
            context.RequestAborted);
        audit.Done(context, "client secret created", new(user.Subject, user.Tenant.Id, clientId));
        return TypedResults.Json(new { message = new { client_id = clientId, client_secret = secret } });
    }
}
