using System.Net;

namespace Microservices.Benchmarks.Load;

/// <summary>A load: how much of what, bounded in requests and in time.</summary>
internal sealed record LoadPlan
{
    public required IPEndPoint Server { get; init; }

    /// <summary>Connections, each with one request under way.</summary>
    public required int Connections { get; init; }

    public required int Requests { get; init; }

    /// <summary>No request begins after it; those under way then have as long again.</summary>
    public required TimeSpan Limit { get; init; }
}
