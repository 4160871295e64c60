using Microservices.DocTypes;

namespace Microservices.Resources;

/// <summary>What a resource answers to.</summary>
[Flags]
public enum ResourceVerbs
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>GET of the collection.</summary>
    List = 1,

    /// <summary>GET of one document.</summary>
    Get = 2,

    /// <summary>POST to the collection.</summary>
    Create = 4,

    /// <summary>PUT and PATCH of one document.</summary>
    Update = 8,

    /// <summary>DELETE of one document.</summary>
    Delete = 16,

    /// <summary>All of them.</summary>
    All = List | Get | Create | Update | Delete,
}

/// <summary>Options of <c>RegisterResource</c>.</summary>
public sealed class ResourceOptions
{
    /// <summary>What is answered; anything else is 405.</summary>
    /// <value>The default is all.</value>
    public ResourceVerbs Verbs { get; set; } = ResourceVerbs.All;

    /// <summary>Whether a body that names a field the DocType does not have is refused with 417. The default, as in Frappe, is to ignore it.</summary>
    public bool Strict { get; set; }

    /// <summary>
    /// Whether a Link to a DocType that this service does not have stops the start. The default is false: such a link is kept as text, for its
    /// documents live in another service.
    /// </summary>
    public bool RefuseUnknownLinks { get; set; }

    /// <summary>
    /// Whether a deleted document is kept as JSON, in <c>Deleted Document</c>, for a System Manager to read, restore or delete for good. Never of a resource that
    /// does not take DELETE, and never with its passwords.
    /// </summary>
    /// <value>The default is true.</value>
    public bool KeepDeleted { get; set; } = true;

    /// <summary>That the resource is deprecated: told in the documentation and on its answers. Null: it is not, or its class says so.</summary>
    public Deprecation? Deprecation { get; set; }

    /// <summary>Fields that are deprecated, by name: told in the documentation and to whoever writes or asks for one.</summary>
    public IDictionary<string, Deprecation> DeprecatedFields { get; } = new Dictionary<string, Deprecation>(StringComparer.Ordinal);

    /// <summary>
    /// Handlers that answer in place of the framework, written like those of a route: their parameters are the document's <c>name</c>
    /// and any service. Authentication and the tenant are checked before them; permissions are theirs to check.
    /// </summary>
    public IDictionary<ResourceVerbs, Delegate> CustomHandlers { get; } = new Dictionary<ResourceVerbs, Delegate>();
}
