using System.CommandLine;
using System.Globalization;
using Microservices.Benchmarks.Running;
using Microservices.DocTypes;
using Microservices.Documents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Microservices.Benchmarks.Framework;

/// <summary>A service with one DocType, whole: authentication by access token, tenant, permissions, validation, lifecycle and transaction.</summary>
internal static class FrameworkCommand
{
    public const string Name = "serve-framework";

    public static Command Create()
    {
        Option<string> connection = BenchOptions.Connection();
        Option<string> issuer = new("--issuer") { Description = "Address of the issuer of the tokens.", Required = true };
        Option<int> port = new("--port") { Description = "Port on loopback; 0 takes a free one, and READY tells which." };
        Command command = new(Name, "Serve the framework's endpoints.") { connection, issuer, port };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            Microservice service = Microservice.Create("bench");
            service.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["DATABASE"] = "mariadb",
                ["DATABASE_CONNECTION"] = arguments.GetRequiredValue(connection),
                ["CENTRAL_SITE_URL"] = arguments.GetRequiredValue(issuer),
                ["PORT"] = arguments.GetValue(port).ToString(CultureInfo.InvariantCulture),
                ["Logging:LogLevel:Default"] = "Warning",
            });
            service.RegisterResource<BenchDocument>();
            service.Route("GET", ServerProtocol.AllocatedPath, () => Results.Text(ServerProtocol.Allocated()));
            await using WebApplication application = service.Build();
            await ServerProtocol.ServeAsync(application, cancellationToken);
        });
        return command;
    }
}

/// <summary>The DocType of <see cref="Data.BenchItem"/>.</summary>
[DocType(Data.BenchItem.DocType)]
[Permission("Sales User", Rights.All)]
public sealed class BenchDocument : Document
{
    public string? Customer { get; set; }

    public string? Status { get; set; }

    public int Quantity { get; set; }

    [Currency]
    public decimal Amount { get; set; }

    public DateOnly? Due { get; set; }
}
