using Central.Limits;
using Central.OAuth;
using Central.Platform;
using Central.Settings;
using Central.Users;

namespace Central.Clients;

/// <summary>Authenticates clients at all protocol endpoints, and locks what is guessed at.</summary>
/// <remarks>
/// Failures count by client and address: whoever knows the id of a client could lock it everywhere otherwise. A secret has 256 random bits, so
/// guesses from many addresses get nobody further. A signature is not guessed at, so it is never locked.
/// </remarks>
internal sealed class ClientAuthentication(
    PlatformDatabase platform, ClientAssertion assertions, ClientAddress addresses, AuditLog audit, CentralSettings settings, TimeProvider time)
{
    private readonly RequestWindow _byAddress = new("client failures by address", settings.ClientFailuresPerIpPerMinute, TimeSpan.FromMinutes(1), platform, time);
    private readonly FailureLock _failures = new("client", settings.ClientAuthMaxFailures, settings.ClientAuthLockout, doubles: false, platform, time);

    /// <summary>The client of a request.</summary>
    /// <exception cref="OAuthError">It is unknown, disabled, or did not prove who it is.</exception>
    /// <exception cref="TooManyRequestsException">It failed too often.</exception>
    public async Task<OAuthClient> AuthenticateAsync(HttpContext context, OAuthRequest request)
    {
        var credential = ClientCredential.Read(context.Request, request);
        var key = KeyOf(context, credential.ClientId);
        var hasFailures = credential.Assertion is null && await _failures.ThrowIfLockedAsync(key, context.RequestAborted);
        if (await platform.RunAsync(db => FindAsync(db, credential, context.RequestAborted)) is { } client)
        {
            if (hasFailures)
            {
                await _failures.ClearAsync(key, context.RequestAborted);
            }

            return client;
        }

        // Whoever makes ids up is stopped before the failures of each of them are kept.
        await _byAddress.CountAsync(addresses.LimitKey(context), context.RequestAborted);

        // Counted after the look, so that a right request writes nothing: of parallel guesses those beyond the limit are told of the lock and not of the guess.
        if (credential.Assertion is null)
        {
            await _failures.TakeAsync(key, context.RequestAborted);
        }

        await audit.RefusedAsync(context, AuditEvents.ClientAuthentication, new(ClientId: credential.ClientId));
        throw OAuthError.InvalidClient();
    }

    /// <summary>The client of a request, which must be one that proves who it is.</summary>
    /// <inheritdoc cref="AuthenticateAsync"/>
    public async Task<OAuthClient> AuthenticateConfidentialAsync(HttpContext context, OAuthRequest request) =>
        await AuthenticateAsync(context, request) is { IsConfidential: true } client ? client : throw OAuthError.InvalidClient();

    /// <summary>Under which the requests of a client at one address are counted.</summary>
    public string KeyOf(HttpContext context, string clientId) => $"{clientId}\0{addresses.LimitKey(context)}";

    private async Task<OAuthClient?> FindAsync(TenantDb db, ClientCredential credential, CancellationToken cancellationToken)
    {
        var client = await db.FindDocAsync<OAuthClient>(credential.ClientId, cancellationToken);
        var tenant = client is { Tenant.Length: > 0 } ? client.Tenant : settings.PlatformTenant.Id;
        var isEnabled = client is { Enabled: true } & await MembershipReader.IsEnabledAsync(db, tenant, cancellationToken);
        return await IsProvenAsync(db, isEnabled ? client : null, credential, cancellationToken) ? client : null;
    }

    /// <summary>Whether the client proves who it is in the way that it is registered for. For no client the same is done in vain, so that time tells nothing.</summary>
    private async Task<bool> IsProvenAsync(TenantDb db, OAuthClient? client, ClientCredential credential, CancellationToken cancellationToken)
    {
        if (credential.Assertion is { } assertion)
        {
            return await assertions.AcceptAsync(db, client is { HasKeys: true } ? client : null, assertion, cancellationToken);
        }

        var isRight = await SecretStore.MatchesAsync(db, SecretHolder.Client(credential.ClientId), credential.Secret ?? "", cancellationToken);
        return client is not null && (client.IsConfidential ? client.HasSecret && isRight : credential.Secret is null);
    }
}
