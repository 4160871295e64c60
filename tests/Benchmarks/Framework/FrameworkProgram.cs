using System.Collections.Concurrent;
using Microservices.Benchmarks.Data;
using Microservices.Benchmarks.Running;

namespace Microservices.Benchmarks.Framework;

/// <summary>The framework as a process of its own: <see cref="FrameworkCommand"/>, with tokens of an issuer in this process.</summary>
internal sealed class FrameworkProgram(FrameworkIssuer issuer) : IBenchmarkServer
{
    private readonly ConcurrentDictionary<int, string> _tokens = new();

    public string Name => "framework";

    public string Token(int tenant) => _tokens.GetOrAdd(tenant, issuer.Token);

    public async Task<ServerProcess> StartAsync(ServerStart start, CancellationToken cancellationToken)
    {
        await new BenchTable(start.ConnectionString).CreateAsync(cancellationToken);
        return await ServerProcess.StartAsync([FrameworkCommand.Name, "--port", "0", "--connection", start.ConnectionString, "--issuer", issuer.Url], cancellationToken);
    }
}
