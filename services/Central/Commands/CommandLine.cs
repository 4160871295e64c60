using System.CommandLine;

namespace Central.Commands;

/// <summary>
/// What operators do at the console: <c>dotnet Central.dll keys list</c>. A command works on the database beside the running processes, with the
/// settings of the service. Without a command the service runs.
/// </summary>
internal static class CommandLine
{
    /// <summary>Runs the service or a command. Returns the exit code.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        if (IsCommand(args))
        {
            return await RunAsync(args, new CommandConsole(Console.In, Console.Out, Console.Error));
        }

        CentralSite.Create(args).Run();
        return Environment.ExitCode;
    }

    /// <summary>Runs a command.</summary>
    public static async Task<int> RunAsync(string[] args, CommandConsole console, CancellationToken cancellationToken = default)
    {
        var (command, settings) = CommandSettings.Split(args);
        var runner = new CommandRunner(settings, console);
        var root = new RootCommand("The central site. Without a command it runs; a command works on its database beside the running processes. Settings are those of the service: from the environment, or as --NAME value.")
        {
            KeyCommands.Create(runner),
            UserCommands.Create(runner),
            ClientCommands.Create(runner),
            AuditCommand.Create(runner),
            StoreCommands.Create(runner),
        };
        return await root.Parse(command).InvokeAsync(new() { Output = console.Output, Error = console.Error }, cancellationToken);
    }

    /// <summary>Whether the arguments name a command or ask for help; settings alone do not.</summary>
    private static bool IsCommand(string[] args) => CommandSettings.Split(args).Command is [var first, ..] && (first is "--help" or "-h" or "-?" or "--version" || !first.StartsWith('-'));
}
