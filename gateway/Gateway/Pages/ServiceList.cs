using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Pages;

/// <summary>The JSON form of <c>/</c>.</summary>
internal sealed record ServiceList(IReadOnlyList<ServiceEntry> Services);

/// <param name="Name">The service's name, or its host and port while it has not been reached.</param>
/// <param name="Version">Null while the service has not been reached.</param>
/// <param name="Up">Whether it answered the last time it was asked.</param>
/// <param name="Docs">Path of its documentation at this gateway; null when it has none or it is not shown.</param>
/// <param name="Spec">Path of its OpenAPI document at this gateway; null likewise.</param>
/// <param name="DocTypes">Names of the DocTypes that are its own; empty when they are not shown.</param>
internal sealed record ServiceEntry(string Name, string? Version, bool Up, string? Docs, string? Spec, IReadOnlyList<string> DocTypes);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ServiceList))]
internal sealed partial class ServiceListJson : JsonSerializerContext;
