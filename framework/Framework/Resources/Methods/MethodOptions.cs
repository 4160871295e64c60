namespace Microservices.Resources.Methods;

/// <summary>Options of a whitelisted method.</summary>
public sealed class MethodOptions
{
    /// <summary>Whether callers who are not signed in may call it: there is no tenant then, and no database. The default is false.</summary>
    public bool AllowGuest { get; set; }

    /// <summary>Verbs that it takes; another one is 403, as in Frappe.</summary>
    /// <value>The default is GET, POST, PUT and DELETE.</value>
    public IReadOnlyList<string> Verbs { get; set; } = ["GET", "POST", "PUT", "DELETE"];

    /// <summary>Roles of which the caller needs one; an administrator needs none. Empty: every signed-in caller.</summary>
    public IReadOnlyList<string> Roles { get; set; } = [];

    /// <summary>That it is deprecated: told in the documentation and on its answers. Null: it is not.</summary>
    public DocTypes.Deprecation? Deprecation { get; set; }

    /// <summary>A line of explanation for the documentation.</summary>
    public string Summary { get; set; } = "";
}
