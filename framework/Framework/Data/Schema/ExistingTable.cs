namespace Microservices.Data.Schema;

/// <summary>A table as the database has it.</summary>
internal sealed record ExistingTable
{
    /// <summary>Column types by name, as the database tells them, in lower case.</summary>
    public Dictionary<string, string> Columns { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Names of the indexes.</summary>
    public HashSet<string> Indexes { get; } = new(StringComparer.OrdinalIgnoreCase);
}
