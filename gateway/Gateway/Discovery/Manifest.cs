using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Discovery;

/// <summary>What a service says about itself at <c>/.well-known/microservice</c>; only the name has to be there.</summary>
/// <param name="Name">The service's name.</param>
/// <param name="Version">For people.</param>
/// <param name="DocTypes">The DocTypes it owns.</param>
/// <param name="Methods">Names under <c>/api/method/</c>.</param>
/// <param name="Routes">Its other paths.</param>
/// <param name="SharedMethods">Methods that every service of its kind has.</param>
/// <param name="Rows">DocTypes whose documents are rows of its documents.</param>
/// <param name="Docs">Path of its documentation page; null when it has none.</param>
/// <param name="Spec">Path of its OpenAPI document; null when it has none.</param>
internal sealed record Manifest(
    string Name,
    string? Version,
    IReadOnlyList<ManifestDocType>? DocTypes,
    IReadOnlyList<string>? Methods,
    IReadOnlyList<ManifestRoute>? Routes,
    string? Docs,
    string? Spec,
    IReadOnlyList<ManifestSharedMethod>? SharedMethods = null,
    IReadOnlyList<string>? Rows = null)
{
    public string Version { get; } = Version ?? "";

    public IReadOnlyList<ManifestDocType> DocTypes { get; } = DocTypes ?? [];

    public IReadOnlyList<string> Methods { get; } = Methods ?? [];

    public IReadOnlyList<ManifestRoute> Routes { get; } = Routes ?? [];

    public IReadOnlyList<ManifestSharedMethod> SharedMethods { get; } = SharedMethods ?? [];

    public IReadOnlyList<string> Rows { get; } = Rows ?? [];
}

/// <param name="Name">As in Frappe, such as <c>Sales Order</c>.</param>
/// <param name="Slug">The name's form in addresses, such as <c>sales-order</c>.</param>
/// <param name="Shared">Whether other services have documents of this DocType, too, each its own; their names start with that of their service.</param>
internal sealed record ManifestDocType(string Name, string? Slug, bool Shared = false);

/// <param name="Name">Under <c>/api/method/</c>.</param>
/// <param name="ByDocType">Whether the DocType that a call names tells which service is meant; otherwise any of them answers.</param>
internal sealed record ManifestSharedMethod(string Name, bool ByDocType = false);

/// <param name="Path">An ASP.NET Core route pattern.</param>
/// <param name="Methods">HTTP verbs; none means any.</param>
internal sealed record ManifestRoute(string Path, IReadOnlyList<string>? Methods);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Manifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
