using System.CommandLine;

namespace Microservices.Benchmarks.Handwritten;

internal static class HandwrittenCommand
{
    public const string Name = "serve-handwritten";

    public static Command Create()
    {
        Option<string> connection = BenchOptions.Connection();
        Option<FileInfo> tokens = BenchOptions.Tokens();
        Option<int> port = new("--port") { Description = "Port on loopback; 0 takes a free one, and READY tells which." };
        Command command = new(Name, "Serve the endpoints that are written by hand.") { connection, tokens, port };
        command.SetAction((arguments, cancellationToken) => HandwrittenServer.RunAsync(
            arguments.GetRequiredValue(connection),
            File.ReadAllLines(arguments.GetRequiredValue(tokens).FullName),
            arguments.GetValue(port),
            cancellationToken));
        return command;
    }
}
