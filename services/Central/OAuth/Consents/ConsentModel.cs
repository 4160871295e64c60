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
/// <param name="Resource">For which audience.</param>
/// <param name="Scopes">What the client may do.</param>
/// <param name="Days">For how many days the client can go on without the user; null when it cannot.</param>
/// <param name="Host">Where the answer is sent.</param>
/// <param name="Request">The request, to be checked again with the answer.</param>
internal sealed record ConsentModel(
    string Action, string Client, bool IsFirstParty, string Username, string Tenant, string Resource, IReadOnlyList<string> Scopes, int? Days, string? Host, string Request)
{
    /// <summary>The model of an authorization request.</summary>
    public static ConsentModel Of(AuthorizationRequest request, Visitor visitor, GrantLifetimes lifetimes, string query) => new(
        "/oauth/consent",
        request.Client.DisplayName,
        request.Client.FirstParty,
        visitor.Member.Username,
        visitor.Member.Tenant.Id,
        request.Resource,
        request.Scope.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        GrantLifetimes.IsRefreshable(request.Client, request.Scope) ? (int)Math.Ceiling((lifetimes.EndOf(request.Client, DateTime.UnixEpoch, isRefreshable: true) - DateTime.UnixEpoch).TotalDays) : null,
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
        OAuth.Scopes.All => "Do everything that you may do",
        _ => scope,
    };
}
