using System.CommandLine;

namespace Microservices.Benchmarks.Tokens;

internal static class TokensCommand
{
    public static Command Create()
    {
        Option<int> rounds = new("--rounds") { Description = "How often the parts take turns; the lowest of each part counts.", DefaultValueFactory = _ => 7 };
        Command command = new("tokens", "Measure what a service spends on an access token: remembered, and checked for the first time.") { rounds };
        command.SetAction(async (arguments, _) => await new TokenBenchmark(arguments.GetValue(rounds)).RunAsync());
        return command;
    }
}
