using Central.Clients;
using Central.OAuth.Grants;
using Central.Platform;

namespace Central.OAuth.Consents;

/// <summary>Remembers what users allowed. Works in the platform tenant.</summary>
internal static class ConsentStore
{
    private const string DocType = "OAuth Consent";
    private const int MaxShown = 200;

    /// <summary>Whether a user has allowed all these scopes.</summary>
    public static async Task<bool> CoversAsync(TenantDb platform, string userId, string tenant, string clientId, string resource, string scope, CancellationToken cancellationToken) =>
        await platform.FindDocAsync<Consent>(NameOf(userId, tenant, clientId, resource), cancellationToken) is { } known &&
        Scopes.Contains(known.Scope, scope);

    /// <summary>Keeps what a user allowed, beside what was allowed before.</summary>
    public static async Task RememberAsync(TenantDb platform, string userId, string tenant, string clientId, string resource, string scope, CancellationToken cancellationToken)
    {
        var name = NameOf(userId, tenant, clientId, resource);
        if (await platform.ExistsAsync(DocType, name, cancellationToken))
        {
            await platform.UpdateAsync<Consent>(name, stored => stored.Scope = Scopes.Union(stored.Scope, scope), ignorePermissions: true, cancellationToken);
            return;
        }

        await platform.InsertAsync(
            new Consent { Name = name, UserId = userId, Tenant = tenant, ClientId = clientId, Resource = resource, Scope = scope }, ignorePermissions: true, cancellationToken);
    }

    /// <summary>What a user has allowed.</summary>
    public static async Task<IReadOnlyList<Consent>> OfUserAsync(TenantDb platform, string userId, CancellationToken cancellationToken)
    {
        var consents = new List<Consent>();
        foreach (var name in await platform.NamesAsync(DocType, new("user_id", userId), MaxShown, cancellationToken))
        {
            if (await platform.FindDocAsync<Consent>(name, cancellationToken) is { } consent)
            {
                consents.Add(consent);
            }
        }

        return consents;
    }

    /// <summary>Takes a consent back: the client loses it and every token it got with it. Returns whether the user had given it.</summary>
    public static async Task<bool> WithdrawAsync(TenantDb platform, string userId, string name, CancellationToken cancellationToken)
    {
        if (await platform.FindDocAsync<Consent>(name, cancellationToken) is not { } known || known.UserId != userId)
        {
            return false;
        }

        await platform.TryDeleteAsync(DocType, name, cancellationToken);
        await GrantStore.RevokeOfConsentAsync(platform, userId, known.ClientId, known.Tenant, cancellationToken);
        return true;
    }

    /// <summary>Forgets what users allowed a client, so that another one of the same id asks them again.</summary>
    public static async Task ForgetClientAsync(TenantDb platform, string clientId, CancellationToken cancellationToken)
    {
        while (await platform.NamesAsync(DocType, new("client_id", clientId), MaxShown, cancellationToken) is { Count: > 0 } names)
        {
            foreach (var name in names)
            {
                await platform.TryDeleteAsync(DocType, name, cancellationToken);
            }
        }
    }

    private static string NameOf(string userId, string tenant, string clientId, string resource) => SecretStore.HashOf($"{userId}\n{tenant}\n{clientId}\n{resource}");
}
