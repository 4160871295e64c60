using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Discovery;

/// <summary>What a service says about itself at <c>/.well-known/microservice</c>.</summary>
internal sealed record Manifest
{
    public required string Name { get; init; }

    public string Version { get; init; } = "";

    public IReadOnlyList<ManifestDocType> DocTypes { get; init; } = [];

    /// <summary>Names under <c>/api/method/</c>.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [];

    /// <summary>The service's other paths.</summary>
    public IReadOnlyList<ManifestRoute> Routes { get; init; } = [];

    /// <summary>Path of the service's documentation page; null when it has none.</summary>
    public string? Docs { get; init; }

    /// <summary>Path of the service's OpenAPI document; null when it has none.</summary>
    public string? Spec { get; init; }
}

internal sealed record ManifestDocType(string Name, string? Slug);

/// <param name="Path">An ASP.NET Core route pattern.</param>
/// <param name="Methods">HTTP verbs; none means any.</param>
internal sealed record ManifestRoute(string Path, IReadOnlyList<string>? Methods);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = false)]
[JsonSerializable(typeof(Manifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
