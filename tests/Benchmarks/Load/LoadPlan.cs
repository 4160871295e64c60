using System.Net;

namespace Microservices.Benchmarks.Load;

/// <summary>A load: how much of what, bounded in requests and in time.</summary>
internal sealed record LoadPlan
{
    public required IPEndPoint Server { get; init; }
    public required BenchEndpoint Endpoint { get; init; }

    /// <summary>One bearer token for each tenant.</summary>
    public required IReadOnlyList<string> Tokens { get; init; }

    /// <summary>Seeded rows of each tenant.</summary>
    public required int Rows { get; init; }

    /// <summary>Connections, each with one request under way.</summary>
    public required int Connections { get; init; }

    public required int Requests { get; init; }

    /// <summary>No request begins after it; those under way then have as long again.</summary>
    public required TimeSpan Limit { get; init; }
}
