using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microservices.Benchmarks.Load;

namespace Microservices.Benchmarks.Running;

/// <summary>What one load cost, from one start of it to its last answer; warm-up and start-up are not in it.</summary>
internal sealed record Measurement(LoadResult Load, TimeSpan ServerCpu, TimeSpan DatabaseCpu, DatabaseWork Work, long AllocatedBytes)
{
    /// <summary>Runs a load as a process of its own.</summary>
    public static async Task<Measurement> TakeAsync(ServerProcess server, BenchmarkDatabase database, FileInfo tokens, LoadSize size, CancellationToken cancellationToken)
    {
        // The client has little garbage and no need for a heap per core.
        Process load = SelfProcess.Start(
            [
                LoadCommand.Name, "--wait", "--url", server.Address.ToString(), "--tokens", tokens.FullName, "--endpoint", size.Endpoint.ToString(),
                "--rows", Text(size.Rows), "--connections", Text(size.Connections), "--requests", Text(size.Requests), "--warm-up", Text(size.WarmUp),
                "--seconds", Text(size.Seconds), "--seed", Text(size.Seed),
            ],
            new Dictionary<string, string> { ["DOTNET_gcServer"] = "0" });
        try
        {
            if (await load.StandardOutput.ReadLineAsync(cancellationToken) != LoadCommand.Warm)
            {
                throw new InvalidOperationException("The load client ended before it was warm.");
            }

            long allocated = await server.AllocatedAsync(cancellationToken);
            DatabaseWork work = await database.WorkAsync(cancellationToken);
            (TimeSpan serverCpu, TimeSpan databaseCpu) = (server.Cpu, database.Cpu);
            await load.StandardInput.WriteLineAsync();
            await load.StandardInput.FlushAsync(cancellationToken);
            string result = await load.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException("The load client ended without a result.");
            (serverCpu, databaseCpu) = (server.Cpu - serverCpu, database.Cpu - databaseCpu);
            DatabaseWork after = await database.WorkAsync(cancellationToken);
            return new Measurement(
                JsonSerializer.Deserialize(result, LoadJson.Default.LoadResult)!,
                serverCpu,
                databaseCpu,
                new DatabaseWork(after.RoundTrips - work.RoundTrips, after.RowsRead - work.RowsRead),
                await server.AllocatedAsync(cancellationToken) - allocated);
        }
        finally
        {
            await SelfProcess.EndAsync(load);
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>How much is sent; see <see cref="LoadPlan"/>.</summary>
internal sealed record LoadSize(BenchEndpoint Endpoint, int Rows, int Connections, int Requests, int WarmUp, int Seconds, int Seed);
