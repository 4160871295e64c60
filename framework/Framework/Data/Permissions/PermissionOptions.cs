using System.ComponentModel.DataAnnotations;

namespace Microservices.Data.Permissions;

/// <summary>Settings of user permissions and shares. Bound from <c>Permissions</c>.</summary>
public sealed class PermissionOptions
{
    /// <summary>
    /// How long what the tenant's records say about a caller is remembered. A change in this process counts at once; one made by another
    /// process of the service, after this time.
    /// </summary>
    /// <value>The default is 10 seconds; at most 10 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan CacheDuration { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Callers that are remembered.</summary>
    /// <value>16 to 1,000,000. The default is 10,000.</value>
    [Range(16, 1_000_000)]
    public int CacheSize { get; set; } = 10_000;

    /// <summary>Whether a link that user permissions restrict must have a value, as with Frappe's <c>apply_strict_user_permissions</c>.</summary>
    /// <value>The default is false: an empty link passes.</value>
    public bool Strict { get; set; }

    /// <summary>Whether nobody may share documents, as with Frappe's <c>disable_document_sharing</c>. Shares that there are go on giving their rights, and can be lowered and taken back.</summary>
    /// <value>The default is false.</value>
    public bool DisableSharing { get; set; }
}
