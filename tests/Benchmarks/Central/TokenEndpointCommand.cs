using System.CommandLine;

namespace Microservices.Benchmarks.Central;

internal static class TokenEndpointCommand
{
    private const int MaxSeconds = 20;
    private const int MaxConnections = 64;

    public static Command Create()
    {
        Option<int> seconds = new("--seconds") { Description = $"Length of the measurement, {MaxSeconds} at most.", DefaultValueFactory = _ => 10 };
        Option<int> connections = new("--connections") { Description = "Connections, each with one request under way.", DefaultValueFactory = _ => 16 };
        Option<bool> sqlite = new("--sqlite") { Description = "Let the central site keep its data in SQLite; the default is the MariaDB of run." };
        Command command = new("token-endpoint", "Measure POST /oauth/token of the central site, client_credentials, beside the signature it cannot do without.") { seconds, connections, sqlite };
        command.SetAction(async (arguments, cancellationToken) => await new TokenEndpointBenchmark
        {
            Seconds = Math.Clamp(arguments.GetValue(seconds), 1, MaxSeconds),
            Connections = Math.Clamp(arguments.GetValue(connections), 1, MaxConnections),
            IsSqlite = arguments.GetValue(sqlite),
        }.RunAsync(cancellationToken));
        return command;
    }
}
