namespace Microservices.Security;

/// <summary>Roles that a caller has toward one document for the length of a question. No credential gives them.</summary>
internal static class DocumentRoles
{
    /// <summary>The role of who may read the document.</summary>
    public const string Reader = "Reader of the document";

    /// <summary>The role of who may write the document.</summary>
    public const string Writer = "Writer of the document";

    /// <summary>Whether a role is one of these, however a credential spells it.</summary>
    public static bool Are(string role) => role.Equals(Reader, StringComparison.OrdinalIgnoreCase) || role.Equals(Writer, StringComparison.OrdinalIgnoreCase);
}
