using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microservices.Benchmarks.Data;
using Microservices.Benchmarks.Running;

namespace Microservices.Benchmarks.Handwritten;

/// <summary><see cref="HandwrittenServer"/> as a process; its tokens are random text.</summary>
internal sealed class HandwrittenProgram(string name) : IBenchmarkServer
{
    private readonly ConcurrentDictionary<int, string> _tokens = new();

    public string Name => name;

    public string Token(int tenant) => _tokens.GetOrAdd(tenant, _ => RandomNumberGenerator.GetHexString(64, lowercase: true));

    public async Task<ServerProcess> StartAsync(ServerStart start, CancellationToken cancellationToken)
    {
        await new BenchTable(start.ConnectionString).CreateAsync(cancellationToken);
        return await ServerProcess.StartAsync(
            [HandwrittenCommand.Name, "--port", "0", "--connection", start.ConnectionString, "--tokens", start.Tokens.FullName], cancellationToken);
    }
}
