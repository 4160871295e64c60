using System.ComponentModel.DataAnnotations;

namespace Microservices.Documents;

/// <summary>Settings of the copies of deleted documents. Bound from <c>DeletedDocuments</c>.</summary>
internal sealed class DeletedDocumentOptions
{
    /// <summary>How long a copy is kept after the deletion, or after it was restored.</summary>
    /// <value>An hour to ten years. The default is 180 days, as in Frappe.</value>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(180);
}
