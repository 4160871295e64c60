using System.CommandLine;
using Central;
using Microservices.Benchmarks.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Microservices.Benchmarks.Central;

/// <summary>The central site, whole, as a process of its own.</summary>
internal static class CentralCommand
{
    public const string Name = "serve-central";

    public static Command Create()
    {
        Option<string[]> settings = new("--setting") { Description = "A setting as NAME=value; may be given several times.", AllowMultipleArgumentsPerToken = false };
        Command command = new(Name, "Serve the central site.") { settings };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            Microservice service = CentralSite.Create([.. (arguments.GetValue(settings) ?? []).Select(setting => "--" + setting)]);
            service.Route("GET", ServerProtocol.AllocatedPath, () => Results.Text(ServerProtocol.Allocated()));
            await using WebApplication application = service.Build();
            await ServerProtocol.ServeAsync(application, cancellationToken);
        });
        return command;
    }
}
