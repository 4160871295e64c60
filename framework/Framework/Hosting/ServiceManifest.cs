namespace Microservices.Hosting;

/// <summary>What a service tells the gateway about itself, at <see cref="Path"/>.</summary>
internal sealed record ServiceManifest(
    string Name,
    string Version,
    IReadOnlyList<ServiceManifest.DocTypeEntry> DocTypes,
    IReadOnlyList<string> Methods,
    IReadOnlyList<ServiceManifest.RouteEntry> Routes,
    string? Docs,
    string? Spec)
{
    /// <summary>Where the manifest is answered.</summary>
    public const string Path = "/.well-known/microservice";

    internal sealed record DocTypeEntry(string Name, string Slug);

    internal sealed record RouteEntry(string Path, IReadOnlyList<string> Methods);
}
