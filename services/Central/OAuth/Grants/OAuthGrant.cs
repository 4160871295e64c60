using Central.Clients;
using Central.Pages;

namespace Central.OAuth.Grants;

/// <summary>
/// What a user gave a client: the family of one code, its refresh tokens and its access tokens, all of which end with it. Never served.
/// The name is 128 random bits; the <c>jti</c> of the family's access tokens starts with it.
/// </summary>
[DocType("OAuth Grant", Naming = "prompt")]
public sealed class OAuthGrant : Document
{
    [Field(Required = true, Index = true)]
    public string ClientId { get; set; } = "";

    [Field(Required = true, Index = true)]
    public string UserId { get; set; } = "";

    [Field(Required = true, Length = 64)]
    public string Tenant { get; set; } = "";

    /// <summary>Scopes, separated by spaces.</summary>
    [Text]
    public string Scope { get; set; } = "";

    /// <summary>The audience.</summary>
    [Text]
    public string Resource { get; set; } = "";

    /// <summary>SHA-256 of the <c>sid</c> under which it was given; empty when no browser had part in it.</summary>
    public string SessionHash { get; set; } = "";

    /// <summary>How the user had signed in, in the words of RFC 8176, separated by spaces.</summary>
    public string Amr { get; set; } = "";

    /// <summary>UTC; when the user had signed in.</summary>
    public DateTime AuthTime { get; set; }

    /// <summary>UTC; nothing extends it once tokens are issued.</summary>
    [Field(Index = true)]
    public DateTime EndsAt { get; set; }

    /// <summary>What a signed-in user gives a client. Its end is set with what is issued for it.</summary>
    internal static OAuthGrant By(Visitor visitor, OAuthClient client, string scope, string resource) => new()
    {
        Name = NewId(),
        ClientId = client.ClientId,
        UserId = visitor.Member.UserId,
        Tenant = visitor.Member.Tenant.Id,
        Scope = scope,
        Resource = resource,
        SessionHash = visitor.Session.Name,
        Amr = visitor.Session.Amr,
        AuthTime = visitor.Session.Creation,
    };

    /// <summary>What of the scope the client may still have, as it is registered now; null when the grant is worth nothing to it any more.</summary>
    internal string? ScopeFor(OAuthClient client, Audiences audiences)
    {
        var left = Scopes.Intersect(Scope, client.Scope);
        return client.IsForTenant(Tenant) && audiences.Allows(client, Resource) && (left.Length > 0 || Scope.Length == 0) ? left : null;
    }

    /// <summary>A new name.</summary>
    internal static string NewId() => System.Security.Cryptography.RandomNumberGenerator.GetHexString(32, lowercase: true);
}
