using System.ComponentModel.DataAnnotations;

namespace Microservices.Resources;

/// <summary>Settings of the resource API. Bound from <c>Resources</c>.</summary>
public sealed class ResourceApiOptions
{
    /// <summary>Rows of one page at most, whatever is asked, for callers without the export right.</summary>
    /// <value>1 to 100,000. The default is 1,000.</value>
    [Range(1, 100_000)]
    public int MaxPageSize { get; set; } = 1000;

    /// <summary>Rows of one page or of one CSV file at most, for callers with the export right; no less than <see cref="MaxPageSize"/>.</summary>
    /// <value>1 to 1,000,000. The default is 100,000.</value>
    [Range(1, 1_000_000)]
    public int MaxExportRows { get; set; } = 100_000;

    /// <summary>Where counting stops when a list is asked for its total.</summary>
    /// <value>1 to 10,000,000. The default is 10,000.</value>
    [Range(1, 10_000_000)]
    public int MaxTotal { get; set; } = 10_000;

    /// <summary>Documents that one bulk request changes or deletes at most.</summary>
    /// <value>1 to 1,000. The default is 20, as in Frappe.</value>
    [Range(1, 1000)]
    public int MaxBulkItems { get; set; } = 20;

    /// <summary>Largest request body.</summary>
    /// <value>Bytes. The default is 25 MiB, as in Frappe.</value>
    [Range(1024, int.MaxValue)]
    public int MaxBodyBytes { get; set; } = 25 * 1024 * 1024;
}
