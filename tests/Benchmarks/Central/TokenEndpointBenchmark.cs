using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microservices.Benchmarks.Load;
using Microservices.Benchmarks.Running;

namespace Microservices.Benchmarks.Central;

/// <summary>One run of the token endpoint: a central site in a process of its own, one client that asks for tokens as fast as it gets them.</summary>
internal sealed class TokenEndpointBenchmark
{
    private const string ClientId = "benchmark";
    private const string ClientSecret = "benchmark-secret-benchmark-secret";
    private const int MaxRequests = 1_000_000;
    private const int WarmUpRequests = 3_000;
    private const int Signatures = 5_000;

    public required int Seconds { get; init; }
    public required int Connections { get; init; }
    public required bool IsSqlite { get; init; }

    /// <returns>The exit code: 0 when every request was answered 2xx.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("benchmarks-central-");
        try
        {
            await using BenchmarkDatabase? database = IsSqlite ? null : await BenchmarkDatabase.StartAsync(cancellationToken);
            await using ServerProcess server = await StartAsync(folder, database, cancellationToken);
            LoadPlan plan = new()
            {
                Server = IPEndPoint.Parse(server.Address.Authority),
                Connections = Connections,
                Requests = MaxRequests,
                Limit = TimeSpan.FromSeconds(Seconds),
            };
            byte[] request = Request(server.Address.Authority);
            await new LoadClient(plan with { Requests = WarmUpRequests }, _ => () => request).RunAsync(cancellationToken);

            double signature = Signature();
            long allocated = await server.AllocatedAsync(cancellationToken);
            DatabaseWork work = await WorkAsync(database, cancellationToken);
            (TimeSpan serverCpu, TimeSpan databaseCpu) = (server.Cpu, database?.Cpu ?? TimeSpan.Zero);
            LoadResult load = await new LoadClient(plan, _ => () => request).RunAsync(cancellationToken);
            (serverCpu, databaseCpu) = (server.Cpu - serverCpu, (database?.Cpu ?? TimeSpan.Zero) - databaseCpu);
            allocated = await server.AllocatedAsync(cancellationToken) - allocated;
            long trips = (await WorkAsync(database, cancellationToken)).RoundTrips - work.RoundTrips;
            Report(load, serverCpu, databaseCpu, trips, allocated, signature);
            return load.Failed == 0 ? 0 : 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<DatabaseWork> WorkAsync(BenchmarkDatabase? database, CancellationToken cancellationToken) =>
        database is null ? default : await database.WorkAsync(cancellationToken);

    private static void Report(LoadResult load, TimeSpan serverCpu, TimeSpan databaseCpu, long trips, long allocated, double signature)
    {
        double server = serverCpu.TotalMicroseconds / load.Succeeded;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"""
             POST /oauth/token   {load.Succeeded:n0} answered, {load.Failed} failed in {load.Seconds:n1} s: {load.RequestsPerSecond:n0} req/s, p50 {load.P50:n1} ms, p99 {load.P99:n1} ms
             central site        {server:n0} us of CPU and {(double)allocated / load.Succeeded:n0} B a request
             database            {databaseCpu.TotalMicroseconds / load.Succeeded:n0} us of CPU and {(double)trips / load.Succeeded:n2} trips a request
             ES256 signature     {signature:n0} us of CPU; the central site takes {server / signature:n1} times that
             """));
        if (load.FirstFailure is { } reason)
        {
            Console.WriteLine($"first failure       {reason}");
        }
    }

    private static async Task<ServerProcess> StartAsync(DirectoryInfo folder, BenchmarkDatabase? database, CancellationToken cancellationToken)
    {
        string seed = Path.Combine(folder.FullName, "seed.json");
        await File.WriteAllTextAsync(seed, Seed, cancellationToken);
        Dictionary<string, string> settings = new()
        {
            ["environment"] = "Development",
            ["PORT"] = "0",
            ["DATA_DIRECTORY"] = folder.FullName,
            ["CENTRAL_SITE_ISSUER"] = "https://site.example", // only a text in tokens: nothing listens there
            ["CENTRAL_SEED"] = seed,
            ["DATABASE"] = database is null ? "sqlite" : "mariadb",
            ["Logging:LogLevel:Default"] = "Warning",
        };
        if (database is not null)
        {
            settings["DATABASE_CONNECTION"] = database.ConnectionString;
        }

        return await ServerProcess.StartAsync([CentralCommand.Name, .. settings.SelectMany(setting => (string[])["--setting", $"{setting.Key}={setting.Value}"])], cancellationToken);
    }

    /// <summary>One client, and no limit that the load would meet.</summary>
    private static string Seed => $$"""
        {
          "settings": { "token_rate_limit_per_client_per_minute": 1000000, "rate_limit_per_ip_per_minute": 1000000 },
          "tenants": [{ "id": "acme", "name": "Acme" }],
          "clients": [{
            "client_id": "{{ClientId}}", "client_secret": "{{ClientSecret}}", "grant_types": ["client_credentials"], "scope": "all",
            "tenant": "acme", "roles": ["Sales User"]
          }]
        }
        """;

    private static byte[] Request(string host)
    {
        const string body = "grant_type=client_credentials";
        string credentials = Convert.ToBase64String(Encoding.ASCII.GetBytes($"{ClientId}:{ClientSecret}"));
        return Encoding.ASCII.GetBytes(
            $"POST /oauth/token HTTP/1.1\r\nHost: {host}\r\nAuthorization: Basic {credentials}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }

    /// <summary>Microseconds of CPU that one signature takes, of a text as long as a token's.</summary>
    private static double Signature()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] input = new byte[600];
        byte[] signature = new byte[64];
        TimeSpan started = default;
        for (int i = -Signatures; i < Signatures; i++)
        {
            started = i == 0 ? Environment.CpuUsage.TotalTime : started;
            key.SignData(input, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }

        return (Environment.CpuUsage.TotalTime - started).TotalMicroseconds / Signatures;
    }
}
