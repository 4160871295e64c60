using System.CommandLine;
using System.Net;
using System.Text.Json;

namespace Microservices.Benchmarks.Load;

internal static class LoadCommand
{
    public const string Name = "load";

    /// <summary>The line that tells that the warm-up is done.</summary>
    public const string Warm = "WARM";

    public static Command Create()
    {
        Option<string> url = new("--url") { Description = "Address of the server, such as http://127.0.0.1:5000.", Required = true };
        Option<FileInfo> tokens = BenchOptions.Tokens();
        Option<BenchEndpoint> endpoint = new("--endpoint") { Description = "What to ask for.", Required = true };
        Option<int> rows = BenchOptions.Rows();
        Option<int> connections = new("--connections") { Description = "Connections, each with one request under way.", DefaultValueFactory = _ => 16 };
        Option<int> requests = new("--requests") { Description = "Most requests to send.", DefaultValueFactory = _ => 20_000 };
        Option<int> warmUp = new("--warm-up") { Description = "Requests that are sent before and not measured." };
        Option<int> seconds = new("--seconds") { Description = "Longest time in which requests are sent, in seconds.", DefaultValueFactory = _ => 30 };
        Option<int> seed = new("--seed") { Description = "Start of the random choice of tenants and rows." };
        Option<bool> wait = new("--wait") { Description = $"Print {Warm} after the warm-up, and wait for a line of input before measuring." };
        Command command = new(Name, "Send requests of random tenants to one endpoint, and print what was seen as JSON.")
        {
            url, tokens, endpoint, rows, connections, requests, warmUp, seconds, seed, wait,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            LoadPlan plan = new()
            {
                Server = IPEndPoint.Parse(new Uri(arguments.GetRequiredValue(url)).Authority),
                Connections = arguments.GetValue(connections),
                Requests = arguments.GetValue(requests),
                Limit = TimeSpan.FromSeconds(arguments.GetValue(seconds)),
            };
            string[] bearers = File.ReadAllLines(arguments.GetRequiredValue(tokens).FullName);
            Func<int, Func<ReadOnlyMemory<byte>>> RequestsOf(int start) => connection =>
                new RequestWriter(arguments.GetValue(endpoint), plan.Server.ToString(), bearers, arguments.GetValue(rows), HashCode.Combine(start, connection)).Next;

            if (arguments.GetValue(warmUp) is > 0 and int count)
            {
                await new LoadClient(plan with { Requests = count }, RequestsOf(~arguments.GetValue(seed))).RunAsync(cancellationToken);
            }

            if (arguments.GetValue(wait))
            {
                Console.WriteLine(Warm);
                Console.ReadLine();
            }

            LoadResult result = await new LoadClient(plan, RequestsOf(arguments.GetValue(seed))).RunAsync(cancellationToken);
            Console.WriteLine(JsonSerializer.Serialize(result, LoadJson.Default.LoadResult));
            return result.Failed == 0 ? 0 : 1;
        });
        return command;
    }
}
