using System.Diagnostics;
using System.Globalization;
using Microservices.Benchmarks.Data;
using Microservices.Benchmarks.Load;

namespace Microservices.Benchmarks.Running;

/// <summary>One run: one database, seeded once, and servers that take turns on it.</summary>
internal sealed class BenchmarkRun
{
    private const int ColdConnections = 128;
    private const int ColdRequests = 20_000;
    private const int ColdSeconds = 10;

    public required IReadOnlyList<IBenchmarkServer> Servers { get; init; }
    public required int Tenants { get; init; }
    public required int Rows { get; init; }
    public required IReadOnlyList<BenchEndpoint> Endpoints { get; init; }
    public required int Rounds { get; init; }
    public required int Connections { get; init; }
    public required int Requests { get; init; }
    public required int WarmUp { get; init; }
    public required int Seconds { get; init; }

    /// <returns>The exit code: 0 when every request was answered 2xx.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("benchmarks-tokens-");
        List<Contender> contenders = [];
        try
        {
            await using BenchmarkDatabase database = await BenchmarkDatabase.StartAsync(cancellationToken);
            try
            {
                foreach (IBenchmarkServer server in Servers)
                {
                    ServerStart start = new(database.ConnectionString, WriteTokens(server, folder));
                    contenders.Add(new Contender(server, start) { Process = await server.StartAsync(start, cancellationToken) });
                }

                await SeedAsync(database, cancellationToken);
                bool clean = await WarmAsync(contenders, database, cancellationToken);
                clean &= await ColdAsync(contenders, database, cancellationToken);
                return clean ? 0 : 1;
            }
            finally
            {
                foreach (Contender contender in contenders)
                {
                    await contender.Process.DisposeAsync();
                }
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private FileInfo WriteTokens(IBenchmarkServer server, DirectoryInfo folder)
    {
        FileInfo file = new(Path.Combine(folder.FullName, server.Name));
        File.WriteAllLines(file.FullName, Enumerable.Range(0, Tenants).Select(server.Token));
        return file;
    }

    private async Task SeedAsync(BenchmarkDatabase database, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        BenchTable table = new(database.ConnectionString);
        await table.FillAsync(Tenants, Rows, cancellationToken);
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        long count = await table.CountAsync(cancellationToken);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{count:n0} rows of {Tenants:n0} tenants in {seconds:n0} s; {Connections} connections, {Rounds} rounds\n"));
    }

    private async Task<bool> WarmAsync(List<Contender> contenders, BenchmarkDatabase database, CancellationToken cancellationToken)
    {
        bool clean = true;
        Report.Head();
        foreach (BenchEndpoint endpoint in Endpoints)
        {
            List<Measurement>[] measured = [.. contenders.Select(_ => new List<Measurement>())];
            // The first turn is not counted: in it the servers compile what is hot.
            for (int round = -1; round < Rounds; round++)
            {
                LoadSize size = new(endpoint, Rows, Connections, Requests, WarmUp, Seconds, Seed: round);
                foreach ((int index, Contender contender) in contenders.Index())
                {
                    Measurement measurement = await Measurement.TakeAsync(contender.Process, database, contender.Start.Tokens, size, cancellationToken);
                    if (round >= 0)
                    {
                        measured[index].Add(measurement);
                    }

                    if (measurement.Load.Failed > 0)
                    {
                        clean = false;
                        Console.WriteLine($"{contender.Server.Name}: {measurement.Load.Failed} of {endpoint} failed, first: {measurement.Load.FirstFailure}");
                    }
                }
            }

            Report.Endpoint(endpoint, [.. contenders.Zip(measured, (contender, rounds) => (contender.Server.Name, (IReadOnlyList<Measurement>)rounds))]);
        }

        return clean;
    }

    /// <summary>Many clients at once on a server that has just started, and again on the same server.</summary>
    private async Task<bool> ColdAsync(List<Contender> contenders, BenchmarkDatabase database, CancellationToken cancellationToken)
    {
        bool clean = true;
        Console.WriteLine($"\nlist, {ColdConnections} connections");
        LoadSize size = new(BenchEndpoint.List, Rows, ColdConnections, ColdRequests, WarmUp: 0, ColdSeconds, Seed: 0);
        foreach (Contender contender in contenders)
        {
            await contender.Process.DisposeAsync();
            contender.Process = await contender.Server.StartAsync(contender.Start, cancellationToken);
            foreach (string state in (string[])["cold", "warm"])
            {
                Measurement measurement = await Measurement.TakeAsync(contender.Process, database, contender.Start.Tokens, size, cancellationToken);
                Report.Cold(contender.Server.Name, state, measurement.Load);
                // What was written by hand may fail here: that is the driver's pool, and a finding. The yardstick is the first.
                clean &= contender == contenders[0] || measurement.Load.Failed == 0;
            }
        }

        return clean;
    }

    private sealed class Contender(IBenchmarkServer server, ServerStart start)
    {
        public IBenchmarkServer Server => server;
        public ServerStart Start => start;
        public required ServerProcess Process { get; set; }
    }
}
