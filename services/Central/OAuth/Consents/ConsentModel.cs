using Central.OAuth.Authorization;
using Central.OAuth.Grants;
using Central.Pages;

namespace Central.OAuth.Consents;

/// <summary>What a user is asked to agree to.</summary>
/// <param name="Action">Where the answer goes.</param>
/// <param name="Client">The client's name.</param>
/// <param name="IsFirstParty">Whether it is a program of the platform's own.</param>
/// <param name="Username">Whose data.</param>
/// <param name="Tenant">Of which tenant.</param>
/// <param name="Terms">What the client may do then.</param>
/// <param name="Host">Where the answer is sent.</param>
/// <param name="Request">The request, to be checked again with the answer.</param>
internal sealed record ConsentModel(string Action, string Client, bool IsFirstParty, string Username, string Tenant, GrantTerms Terms, string? Host, string Request)
{
    /// <summary>The model of an authorization request.</summary>
    public static ConsentModel Of(AuthorizationRequest request, Visitor visitor, GrantLifetimes lifetimes, string query) => new(
        "/oauth/consent",
        request.Client.DisplayName,
        request.Client.FirstParty,
        visitor.Member.Username,
        visitor.Member.Tenant.Id,
        GrantTerms.Of(request.Client, request.Scope, request.Resource, lifetimes),
        Uri.TryCreate(request.RedirectUri, UriKind.Absolute, out var address) && address.Host.Length > 0 ? address.Host : null,
        query);

    /// <summary>A scope in plain words; the scopes of services speak for themselves.</summary>
    public static string Describe(string scope) => scope switch
    {
        OAuth.Scopes.OpenId => "Know who you are",
        OAuth.Scopes.Profile => "See your name, picture and language",
        OAuth.Scopes.Email => "See your e-mail address",
        OAuth.Scopes.Roles => "See your roles",
        OAuth.Scopes.OfflineAccess => "Go on while you are away",
        OAuth.Scopes.All => "See all that is known of you here",
        _ => scope,
    };
}
