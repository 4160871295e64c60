using System.ComponentModel.DataAnnotations;

namespace Microservices.Resources;

/// <summary>Settings of the resource API. Bound from <c>Resources</c>.</summary>
public sealed class ResourceApiOptions
{
    /// <summary>Rows of one page at most, whatever is asked.</summary>
    /// <value>1 to 100,000. The default is 1,000.</value>
    [Range(1, 100_000)]
    public int MaxPageSize { get; set; } = 1000;

    /// <summary>Largest request body.</summary>
    /// <value>Bytes. The default is 25 MiB, as in Frappe.</value>
    [Range(1024, int.MaxValue)]
    public int MaxBodyBytes { get; set; } = 25 * 1024 * 1024;
}
