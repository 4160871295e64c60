using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Security.Claims;
using Microservices.DocTypes;
using Microservices.Errors;

namespace Microservices.Security;

/// <summary>What proved who the caller is.</summary>
public enum CredentialKind
{
    /// <summary>An access token, <c>Authorization: Bearer</c>.</summary>
    Bearer,

    /// <summary>An API key, <c>Authorization: token key:secret</c> or Basic.</summary>
    ApiKey,

    /// <summary>The <c>sid</c> cookie of a session.</summary>
    Session,

    /// <summary>The service itself, in code that runs without a request.</summary>
    Service,
}

/// <summary>Who is asking, for which tenant and with which roles. Immutable; one instance may serve many requests of one credential.</summary>
public sealed class CurrentUser
{
    /// <summary>Role that passes every permission rule of its tenant.</summary>
    public const string AdministratorRole = "Administrator";

    /// <summary>Role that every signed-in caller has.</summary>
    public const string AllRole = "All";

    /// <summary>Role that everybody has.</summary>
    public const string GuestRole = "Guest";

    private volatile Decisions _decisions = new(UserRules.None);

    /// <summary>Creates a caller whose credential has been validated.</summary>
    /// <param name="subject">Immutable id of the user (<c>u-...</c>) or the client id.</param>
    /// <param name="name">User name, as written to <c>owner</c> and <c>modified_by</c>.</param>
    /// <param name="tenant">The tenant of the credential.</param>
    /// <param name="roles">Assigned roles; <see cref="AllRole"/> and <see cref="GuestRole"/> are added.</param>
    /// <param name="scopes">Granted scopes.</param>
    /// <param name="kind">What proved it.</param>
    public CurrentUser(string subject, string name, Tenant tenant, IEnumerable<string> roles, IEnumerable<string> scopes, CredentialKind kind)
    {
        Subject = subject;
        Name = name;
        Tenant = tenant;
        AssignedRoles = [.. roles];
        Roles = AssignedRoles.Append(AllRole).Append(GuestRole).ToFrozenSet(StringComparer.Ordinal);
        GrantedScopes = [.. scopes];
        Scopes = GrantedScopes.ToFrozenSet(StringComparer.Ordinal);
        Kind = kind;
    }

    /// <summary>Immutable id of the user or client.</summary>
    public string Subject { get; }

    /// <summary>User name, or the client id for a client without a user.</summary>
    public string Name { get; }

    /// <summary>The tenant of the credential.</summary>
    public Tenant Tenant { get; }

    /// <summary>Assigned roles, <see cref="AllRole"/> and <see cref="GuestRole"/>.</summary>
    public FrozenSet<string> Roles { get; }

    /// <summary>Granted scopes.</summary>
    public FrozenSet<string> Scopes { get; }

    /// <summary>What proved it.</summary>
    public CredentialKind Kind { get; }

    /// <summary>The language that the user has chosen, as the credential tells it: a tag of BCP 47 such as <c>nl</c> or <c>pt-BR</c>; null when there is none.</summary>
    /// <remarks>OpenID Connect Core section 5.1, claim <c>locale</c>.</remarks>
    public string? Language { get; init; }

    /// <summary>The roles as the credential lists them, in its order.</summary>
    internal IReadOnlyList<string> AssignedRoles { get; }

    /// <summary>The scopes as the credential lists them, in its order.</summary>
    internal IReadOnlyList<string> GrantedScopes { get; }

    /// <summary>The caller for ASP.NET Core's own authorization: made when first asked for, then shared by the requests of the credential.</summary>
    internal ClaimsPrincipal Principal => field ??= CurrentUserPrincipal.Create(this);

    /// <summary>What the tenant's records say about the caller's access. Replaced as a whole, together with all that was worked out from it.</summary>
    internal UserRules Rules
    {
        get => _decisions.Rules;
        set => _decisions = ReferenceEquals(value, _decisions.Rules) ? _decisions : new Decisions(value);
    }

    /// <summary>What the caller may do with a DocType, worked out when first asked.</summary>
    internal Access AccessTo(DocType docType)
    {
        var decisions = _decisions;
        return decisions.Access.GetOrAdd(docType, static (docType, state) => new Access(state.User, docType, state.Rules), (User: this, decisions.Rules));
    }

    /// <summary>Whether every permission rule of the tenant is passed.</summary>
    public bool IsAdministrator => Roles.Contains(AdministratorRole);

    /// <summary>Refuses whoever has none of these roles and is no administrator.</summary>
    /// <exception cref="PermissionException">The caller has none of them.</exception>
    public void OnlyFor(params ReadOnlySpan<string> roles)
    {
        foreach (var role in roles)
        {
            if (Roles.Contains(role))
            {
                return;
            }
        }

        if (!IsAdministrator)
        {
            throw new PermissionException($"This is only for {string.Join(", ", roles!)}");
        }
    }

    /// <summary>The service itself, with every right in one tenant: for start-up work and jobs, never for a request.</summary>
    public static CurrentUser Service(Tenant tenant) =>
        new("service", AdministratorRole, tenant, [AdministratorRole], [], CredentialKind.Service);

    private sealed record Decisions(UserRules Rules)
    {
        public ConcurrentDictionary<DocType, Access> Access { get; } = new();
    }
}
