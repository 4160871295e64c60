using Microsoft.OpenApi;

namespace Microservices.Resources.OpenApi;

/// <summary>The groups of operations.</summary>
internal static class Tags
{
    /// <summary>Adds a group, unless it is there.</summary>
    public static void Add(OpenApiDocument document, string name, string? description) =>
        (document.Tags ??= new SortedSet<OpenApiTag>(Comparer<OpenApiTag>.Create((a, b) => string.CompareOrdinal(a.Name, b.Name)))).Add(new OpenApiTag { Name = name, Description = description });
}
