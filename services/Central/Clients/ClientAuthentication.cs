using Central.Limits;
using Central.OAuth;
using Central.Platform;
using Central.Settings;
using Central.Users;

namespace Central.Clients;

/// <summary>Authenticates clients at all protocol endpoints, and locks what is guessed at.</summary>
internal sealed class ClientAuthentication(PlatformDatabase platform, AuditLog audit, CentralSettings settings, TimeProvider time)
{
    private readonly FailureLock _failures = new("client", settings.ClientAuthMaxFailures, settings.ClientAuthLockout, doubles: false, platform, time);

    /// <summary>The client of a request.</summary>
    /// <exception cref="OAuthError">It is unknown, disabled, or did not prove who it is.</exception>
    /// <exception cref="TooManyRequestsException">It failed too often.</exception>
    public async Task<OAuthClient> AuthenticateAsync(HttpContext context, OAuthRequest request)
    {
        var credential = ClientCredential.Read(context.Request, request);
        var hasFailures = await _failures.ThrowIfLockedAsync(credential.ClientId, context.RequestAborted);
        if (await platform.RunAsync(db => FindAsync(db, credential, context.RequestAborted)) is { } client)
        {
            if (hasFailures)
            {
                await _failures.ClearAsync(credential.ClientId, context.RequestAborted);
            }

            return client;
        }

        // Counted after the look, so that a right request writes nothing: of parallel guesses those beyond the limit are told of the lock and not of the guess.
        await _failures.TakeAsync(credential.ClientId, context.RequestAborted);
        await audit.RefusedAsync(context, AuditEvents.ClientAuthentication, new(ClientId: credential.ClientId));
        throw OAuthError.InvalidClient();
    }

    /// <summary>The client of a request, which must be one that has a secret.</summary>
    /// <inheritdoc cref="AuthenticateAsync"/>
    public async Task<OAuthClient> AuthenticateConfidentialAsync(HttpContext context, OAuthRequest request) =>
        await AuthenticateAsync(context, request) is { IsConfidential: true } client ? client : throw OAuthError.InvalidClient();

    private async Task<OAuthClient?> FindAsync(TenantDb db, ClientCredential credential, CancellationToken cancellationToken)
    {
        // Both look-ups are made for unknown clients too, so that time tells nothing.
        var client = await db.FindDocAsync<OAuthClient>(credential.ClientId, cancellationToken);
        var isRight = await SecretStore.MatchesAsync(db, SecretHolder.Client(credential.ClientId), credential.Secret ?? "", cancellationToken);
        if (client is not { Enabled: true } || (client.IsConfidential ? !isRight : credential.Secret is not null))
        {
            return null;
        }

        var tenant = client.Tenant.Length > 0 ? client.Tenant : settings.PlatformTenant.Id;
        return await MembershipReader.IsEnabledAsync(db, tenant, cancellationToken) ? client : null;
    }
}
