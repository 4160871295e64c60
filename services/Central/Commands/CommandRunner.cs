using System.CommandLine;
using Central.Platform;
using Microservices.Data.Schema;

namespace Central.Commands;

/// <summary>Gives a command the site's services, without starting the site, and makes one line of what goes wrong.</summary>
internal sealed class CommandRunner(string[] settings, CommandConsole console)
{
    /// <summary>Where the command reads and writes.</summary>
    public CommandConsole Console => console;

    /// <summary>Makes work the action of a command.</summary>
    public void Set(Command command, Func<IServiceProvider, ParseResult, CancellationToken, Task> work) =>
        command.SetAction(async (result, cancellationToken) =>
        {
            try
            {
                await using var site = await OpenAsync(cancellationToken);
                await work(site.Services, result, cancellationToken);
                return 0;
            }
#pragma warning disable CA1031 // Whatever it is, an operator gets one line and not a stack trace.
            catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
            {
                await console.Error.WriteLineAsync($"central: {exception.Message.ReplaceLineEndings(" ")}");
                return 1;
            }
        });

    private async Task<WebApplication> OpenAsync(CancellationToken cancellationToken)
    {
        var app = CentralSite.Create(settings);
        // What a command did is on its output and among the audit events; a log would mix with it.
        app.Services.AddLogging(logging => logging.ClearProviders());
        var site = app.Build();
        try
        {
            await site.Services.GetRequiredService<SchemaSync>().RunAsync(cancellationToken);
            await site.Services.GetRequiredService<PlatformRows>().EnsureAsync(cancellationToken);
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }
}
