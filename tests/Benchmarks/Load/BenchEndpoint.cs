using System.Text.Json.Serialization;

namespace Microservices.Benchmarks.Load;

/// <summary>What is measured: one endpoint of the resource each.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BenchEndpoint>))]
internal enum BenchEndpoint
{
    List,
    Get,
    Create,
    Update,
}
