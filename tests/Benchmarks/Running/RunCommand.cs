using System.CommandLine;
using Microservices.Benchmarks.Framework;
using Microservices.Benchmarks.Handwritten;
using Microservices.Benchmarks.Load;

namespace Microservices.Benchmarks.Running;

internal static class RunCommand
{
    public static Command Create()
    {
        Option<int> tenants = BenchOptions.Tenants();
        Option<int> rows = BenchOptions.Rows();
        Option<BenchEndpoint[]> endpoints = new("--endpoints")
        {
            Description = "What to measure.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => Enum.GetValues<BenchEndpoint>(),
        };
        Option<int> rounds = new("--rounds") { Description = "How often the servers take turns.", DefaultValueFactory = _ => 3 };
        Option<int> connections = new("--connections") { Description = "Connections of the load client.", DefaultValueFactory = _ => 16 };
        Option<int> requests = new("--requests") { Description = "Requests of each measurement.", DefaultValueFactory = _ => 20_000 };
        Option<int> warmUp = new("--warm-up") { Description = "Requests before each measurement.", DefaultValueFactory = _ => 5_000 };
        Option<int> seconds = new("--seconds") { Description = "Longest measurement, in seconds.", DefaultValueFactory = _ => 20 };
        Option<bool> twice = new("--yardstick-twice") { Description = "Measure the yardstick beside itself, to know the noise of the machine." };
        Command command = new("run", "Measure the servers in turn, on one MariaDB with the same rows.") { tenants, rows, endpoints, rounds, connections, requests, warmUp, seconds, twice };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            await using FrameworkIssuer issuer = new();
            await issuer.StartAsync(cancellationToken);
            return await new BenchmarkRun
            {
                Servers = [new HandwrittenProgram("handwritten"), arguments.GetValue(twice) ? new HandwrittenProgram("again") : new FrameworkProgram(issuer)],
                Tenants = arguments.GetValue(tenants),
                Rows = arguments.GetValue(rows),
                Endpoints = arguments.GetRequiredValue(endpoints),
                Rounds = arguments.GetValue(rounds),
                Connections = arguments.GetValue(connections),
                Requests = arguments.GetValue(requests),
                WarmUp = arguments.GetValue(warmUp),
                Seconds = arguments.GetValue(seconds),
            }.RunAsync(cancellationToken);
        });
        return command;
    }
}
