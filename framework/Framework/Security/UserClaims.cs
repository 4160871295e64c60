using System.Text.Json;

namespace Microservices.Security;

/// <summary>Reads the caller from claims, which a token and the central site's answers spell alike.</summary>
internal static class UserClaims
{
    private const int MaxNameLength = 140;

    /// <summary>The caller, or null when the subject or tenant is missing, or a claim is not of its type.</summary>
    public static CurrentUser? Read(JsonElement claims, CredentialKind kind)
    {
        if (claims.Text("sub"u8) is not { } subject || claims.Text("tenant"u8) is not { } tenant || !Tenant.IsValid(tenant))
        {
            return null;
        }

        // The name becomes a document's owner, a text of 140 characters.
        string? name = claims.Has("username"u8) ? claims.Text("username"u8) : subject;
        string[]? roles = claims.TryGetProperty("roles"u8, out JsonElement list) ? list.AsTexts() : [];
        string? scope = claims.TryGetProperty("scope"u8, out JsonElement text) && text.ValueKind != JsonValueKind.String ? null : claims.Text("scope"u8) ?? "";
        return name is null or { Length: > MaxNameLength } || roles is null || scope is null
            ? null
            : new CurrentUser(subject, name, new Tenant(tenant), roles.Where(role => !DocumentRoles.Are(role)), scope.Split(' ', StringSplitOptions.RemoveEmptyEntries), kind)
            {
                Language = claims.Text("locale"u8), // OpenID Connect Core 5.1; never a reason to refuse the caller
            };
    }
}
