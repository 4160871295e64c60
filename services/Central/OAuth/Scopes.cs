using Central.Clients;

namespace Central.OAuth;

/// <summary>Scopes: what they are called, and sets of them as text.</summary>
/// <remarks>RFC 6749 section 3.3, OpenID Connect Core section 5.4.</remarks>
internal static class Scopes
{
    public const string OpenId = "openid";
    public const string Profile = "profile";
    public const string Email = "email";
    public const string Roles = "roles";
    /// <summary>Frappe's broad scope: all that the user may do and all that is known of the user.</summary>
    public const string All = "all";

    public const string OfflineAccess = "offline_access";

    /// <summary>Scopes that speak of a user.</summary>
    public static readonly string[] OfUsers = [OpenId, Profile, Email, OfflineAccess];

    /// <summary>The scopes that this site itself gives a meaning.</summary>
    public static readonly string[] Standard = [OpenId, Profile, Email, Roles, OfflineAccess, All];

    /// <summary>The scope that a client gets: what it asks for, or all that it is registered for.</summary>
    /// <param name="registered">Scopes the client may have.</param>
    /// <param name="asked">What it asks for; null when it says nothing.</param>
    /// <exception cref="OAuthError">It asks for one that it is not registered for, or for nothing in so many words.</exception>
    public static string Choose(IReadOnlyCollection<string> registered, string? asked)
    {
        if (asked is null)
        {
            return string.Join(' ', registered);
        }

        var wanted = OAuthClient.Words(asked).Distinct(StringComparer.Ordinal).ToList();
        return wanted.Count > 0 && wanted.All(registered.Contains) ? string.Join(' ', wanted) : throw OAuthError.InvalidScope();
    }

    /// <summary>The scope that a client gets of a user. Without a word it is all that the client is registered for, but not without end.</summary>
    /// <inheritdoc cref="Choose"/>
    public static string ChooseForUser(OAuthClient client, string? asked) =>
        Choose([.. OAuthClient.Words(client.Scope).Where(scope => scope != OfflineAccess || asked is not null)], asked);

    /// <summary>Whether a set holds a scope, or all of several.</summary>
    public static bool Contains(string set, string scopes) => OAuthClient.Words(scopes).All(OAuthClient.Words(set).Contains);

    /// <summary>What of a set is in another too.</summary>
    public static string Intersect(string set, string other) => string.Join(' ', OAuthClient.Words(set).Intersect(OAuthClient.Words(other), StringComparer.Ordinal));

    /// <summary>Two sets as one.</summary>
    public static string Union(string set, string other) => string.Join(' ', OAuthClient.Words(set).Union(OAuthClient.Words(other), StringComparer.Ordinal));
}
