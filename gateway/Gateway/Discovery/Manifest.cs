using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Discovery;

/// <summary>What a service says about itself at <c>/.well-known/microservice</c>; only the name has to be there.</summary>
/// <param name="Name">The service's name.</param>
/// <param name="Version">For people.</param>
/// <param name="DocTypes">The DocTypes it owns.</param>
/// <param name="Methods">Names under <c>/api/method/</c>.</param>
/// <param name="Routes">Its other paths.</param>
/// <param name="Docs">Path of its documentation page; null when it has none.</param>
/// <param name="Spec">Path of its OpenAPI document; null when it has none.</param>
internal sealed record Manifest(
    string Name,
    string? Version,
    IReadOnlyList<ManifestDocType>? DocTypes,
    IReadOnlyList<string>? Methods,
    IReadOnlyList<ManifestRoute>? Routes,
    string? Docs,
    string? Spec)
{
    public string Version { get; } = Version ?? "";

    public IReadOnlyList<ManifestDocType> DocTypes { get; } = DocTypes ?? [];

    public IReadOnlyList<string> Methods { get; } = Methods ?? [];

    public IReadOnlyList<ManifestRoute> Routes { get; } = Routes ?? [];
}

/// <param name="Name">As in Frappe, such as <c>Sales Order</c>.</param>
/// <param name="Slug">The name's form in addresses, such as <c>sales-order</c>.</param>
internal sealed record ManifestDocType(string Name, string? Slug);

/// <param name="Path">An ASP.NET Core route pattern.</param>
/// <param name="Methods">HTTP verbs; none means any.</param>
internal sealed record ManifestRoute(string Path, IReadOnlyList<string>? Methods);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Manifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
