namespace Microservices.Benchmarks.Running;

/// <summary>A program that serves the resource of a benchmark: the framework, or what it is measured against.</summary>
internal interface IBenchmarkServer
{
    public string Name { get; }

    /// <summary>The bearer token of a tenant, counted from 0; the same one each time.</summary>
    public string Token(int tenant);

    /// <summary>Starts a process of its own, and returns when it answers. It makes its tables when they are missing.</summary>
    public Task<ServerProcess> StartAsync(ServerStart start, CancellationToken cancellationToken);
}

/// <summary>What a server needs to start.</summary>
/// <param name="ConnectionString">The database that all servers of a run share.</param>
/// <param name="Tokens">File of <see cref="IBenchmarkServer.Token"/>, one line for each tenant.</param>
internal sealed record ServerStart(string ConnectionString, FileInfo Tokens);
