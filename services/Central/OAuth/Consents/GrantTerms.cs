using Central.Clients;
using Central.OAuth.Grants;

namespace Central.OAuth.Consents;

/// <summary>What a client may do with a grant, as the user is told before giving it.</summary>
/// <param name="Resource">For which audience.</param>
/// <param name="Scopes">What the client may do.</param>
/// <param name="Days">For how many days the client can go on without the user; null when it cannot.</param>
public sealed record GrantTerms(string Resource, IReadOnlyList<string> Scopes, int? Days)
{
    /// <summary>The terms of a grant that is not given yet.</summary>
    internal static GrantTerms Of(OAuthClient client, string scope, string resource, GrantLifetimes lifetimes) => new(
        resource,
        OAuthClient.Words(scope),
        GrantLifetimes.IsRefreshable(client, scope) ? (int)Math.Ceiling((lifetimes.EndOf(client, DateTime.UnixEpoch, isRefreshable: true) - DateTime.UnixEpoch).TotalDays) : null);
}
