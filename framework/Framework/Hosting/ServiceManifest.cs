namespace Microservices.Hosting;

/// <summary>What a service tells the gateway about itself, at <see cref="Path"/>.</summary>
internal sealed record ServiceManifest(
    string Name,
    string Version,
    IReadOnlyList<ServiceManifest.DocTypeEntry> DocTypes,
    IReadOnlyList<string> Methods,
    IReadOnlyList<ServiceManifest.RouteEntry> Routes,
    string? Docs,
    string? Spec,
    IReadOnlyList<ServiceManifest.SharedMethodEntry> SharedMethods,
    IReadOnlyList<string> Rows)
{
    /// <summary>Where the manifest is answered.</summary>
    public const string Path = "/.well-known/microservice";

    /// <param name="Name">As in Frappe.</param>
    /// <param name="Slug">The name's form in addresses.</param>
    /// <param name="Shared">Whether every service has a DocType of this name; the names of its documents start with that of their service.</param>
    internal sealed record DocTypeEntry(string Name, string Slug, bool Shared);

    /// <param name="Name">What clients call.</param>
    /// <param name="ByDocType">Whether the DocType that a call names tells which service is meant; otherwise any of them answers.</param>
    internal sealed record SharedMethodEntry(string Name, bool ByDocType);

    internal sealed record RouteEntry(string Path, IReadOnlyList<string> Methods);
}
