using System.Text.Json;
using Central.Users;

namespace Central.OAuth.Tokens;

/// <summary>What clients learn of a user, by scope.</summary>
/// <remarks>OpenID Connect Core sections 5.1 and 5.4; <c>tenant</c> and <c>roles</c> are this site's.</remarks>
internal static class UserInfo
{
    /// <summary>The claims that there are.</summary>
    public static readonly string[] Claims = ["name", "given_name", "family_name", "preferred_username", "picture", "locale", "email", "email_verified", "tenant", "roles"];

    /// <summary>Writes the claims of the scopes.</summary>
    public static void Write(Utf8JsonWriter writer, Membership member, string scope)
    {
        writer.WriteString("tenant", member.Tenant.Id);
        if (Grants(scope, Scopes.Profile))
        {
            WriteIfSet(writer, "name", member.FullName);
            WriteIfSet(writer, "given_name", member.GivenName);
            WriteIfSet(writer, "family_name", member.FamilyName);
            WriteIfSet(writer, "preferred_username", member.Username);
            WriteIfSet(writer, "picture", member.Picture);
            WriteIfSet(writer, "locale", member.Locale);
        }

        if (Grants(scope, Scopes.Email))
        {
            writer.WriteString("email", member.Email);
            writer.WriteBoolean("email_verified", member.IsEmailVerified);
        }

        if (Grants(scope, Scopes.Roles))
        {
            writer.WriteTexts("roles", member.Roles);
        }
    }

    private static bool Grants(string scope, string wanted) => Scopes.Contains(scope, wanted) || Scopes.Contains(scope, Scopes.All);

    private static void WriteIfSet(Utf8JsonWriter writer, string name, string value)
    {
        if (value.Length > 0)
        {
            writer.WriteString(name, value);
        }
    }
}
