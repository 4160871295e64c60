using System.Net;
using Central.ApiKeys;
using Central.Clients;
using Central.Factors;
using Central.Platform;
using Central.Users;

namespace Central.Sessions;

/// <summary>A session or API key that is active.</summary>
/// <param name="Membership">Whom it speaks for.</param>
/// <param name="User">The same for the framework, with the roles that the credential has.</param>
/// <param name="ExpiresAt">Until when.</param>
/// <param name="IsAddressBound">Whether it is active at some addresses only.</param>
internal sealed record ActiveCredential(Membership Membership, CurrentUser User, DateTimeOffset ExpiresAt, bool IsAddressBound = false);

/// <summary>Tells whom a session or API key speaks for: at introspection, and for the central site's own requests.</summary>
internal sealed class LocalCredentials(PlatformDatabase platform, SessionStore sessions, MembershipReader memberships, SecondFactors factors, AuditLog audit, IHttpContextAccessor requests) : ICredentialLookup
{
    /// <inheritdoc/>
    public async ValueTask<CurrentUser?> FindAsync(string credential, CredentialKind kind, string? clientAddress, CancellationToken cancellationToken) => (kind is CredentialKind.Session
        ? await FindSessionAsync(credential, cancellationToken)
        : await FindApiKeyAsync(requests.HttpContext!, credential, clientAddress is null ? null : IPAddress.Parse(clientAddress), cancellationToken))?.User;

    /// <summary>The user of a <c>sid</c>, or null.</summary>
    public async Task<ActiveCredential?> FindSessionAsync(string sid, CancellationToken cancellationToken)
    {
        var session = await platform.RunAsync(db => sessions.FindAsync(db, sid, cancellationToken));
        return session is not null && await memberships.FindAsync(session.UserId, session.Tenant, cancellationToken) is { } member && await factors.SatisfiesAsync(member, session.Amr, cancellationToken)
            ? new ActiveCredential(member, OfSession(member), sessions.ExpiryOf(session))
            : null;
    }

    /// <summary>The user of a pair <c>key:secret</c>, with the roles that the key is limited to, or null. Finding it counts as use.</summary>
    /// <param name="context">The request that is answered: one with the key, or a service's question about it.</param>
    /// <param name="pair">The pair.</param>
    /// <param name="address">Where the key is used from; null when that is not known.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<ActiveCredential?> FindApiKeyAsync(HttpContext context, string pair, IPAddress? address, CancellationToken cancellationToken)
    {
        if (await platform.RunAsync(db => ApiKeyStore.FindAsync(db, pair, address, cancellationToken)) is not { } key ||
            await memberships.FindAsync(key.UserId, key.Tenant, cancellationToken) is not { } member)
        {
            return null;
        }

        await platform.RunAsync(db => ApiKeyStore.TouchAsync(db, key, cancellationToken));
        if (key.LastUsed is null)
        {
            await audit.DoneAsync(context, AuditEvents.ApiKeyFirstUsed, new(key.UserId, key.Tenant, Reference: key.Name));
        }

        var limit = OAuthClient.Lines(key.Roles);
        IEnumerable<string> roles = limit.Length == 0 ? member.Roles : member.Roles.Intersect(limit, StringComparer.Ordinal);
        return new ActiveCredential(member, ToUser(member, roles, OAuthClient.Words(key.Scope), CredentialKind.ApiKey), ApiKeyStore.ExpiryOf(key), !key.Admits(address: null));
    }

    /// <summary>What a member may do with a session.</summary>
    public static CurrentUser OfSession(Membership member) => ToUser(member, member.Roles, [], CredentialKind.Session);

    private static CurrentUser ToUser(Membership member, IEnumerable<string> roles, IEnumerable<string> scopes, CredentialKind kind) =>
        new(member.UserId, member.Username, member.Tenant, roles, scopes, kind) { Language = member.Locale };
}
