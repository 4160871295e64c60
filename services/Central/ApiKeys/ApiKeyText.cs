using Central.Clients;
using Central.Pages;
using Central.Sessions;

namespace Central.ApiKeys;

/// <summary>What pages say of a key.</summary>
internal static class ApiKeyText
{
    public static string End(ApiKey key) => key.ExpiresAt is { } end ? PageContext.Show(SessionStore.Utc(end)) : "Until revoked";

    public static string LastUse(ApiKey key) => key.LastUsed is { } last ? PageContext.Show(SessionStore.Utc(last)) : "Never";

    public static string Roles(ApiKey key) => OAuthClient.Lines(key.Roles) is { Length: > 0 } roles ? string.Join(", ", roles) : "All of the user's";

    public static string Addresses(ApiKey key) => OAuthClient.Lines(key.AllowedAddresses) is { Length: > 0 } addresses ? string.Join(", ", addresses) : "Everywhere";
}
