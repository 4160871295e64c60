using System.Text.Json.Serialization;

namespace Microservices.Benchmarks.Load;

/// <summary>What a load saw. Times of answers that were not 2xx are not in the percentiles.</summary>
/// <param name="Succeeded">Requests that were answered 2xx.</param>
/// <param name="Failed">Requests that were answered otherwise, or not at all.</param>
/// <param name="Seconds">From the first request to the last answer.</param>
/// <param name="P50">Milliseconds.</param>
/// <param name="P90">Milliseconds.</param>
/// <param name="P99">Milliseconds.</param>
/// <param name="Max">Milliseconds.</param>
/// <param name="FirstFailure">What went wrong first.</param>
internal sealed record LoadResult(int Succeeded, int Failed, double Seconds, double P50, double P90, double P99, double Max, string? FirstFailure)
{
    [JsonIgnore]
    public double RequestsPerSecond => Succeeded / Seconds;
}

[JsonSerializable(typeof(LoadResult))]
internal sealed partial class LoadJson : JsonSerializerContext;
