using System.CommandLine;
using Central.Clients;
using Central.Platform;

namespace Central.Commands;

/// <summary><c>clients</c>: programs that get or check tokens.</summary>
internal static class ClientCommands
{
    public static Command Create(CommandRunner runner)
    {
        var clientId = new Argument<string>("client_id") { Description = "The client's id." };
        var secret = new Command("secret", "Makes a new secret of a client and prints it, this once. The newest older one stays valid until the next.") { clientId };
        runner.Set(secret, async (services, result, cancellationToken) =>
        {
            var (client, made) = (result.GetRequiredValue(clientId), "");
            await services.GetRequiredService<PlatformDatabase>().InTransactionAsync(async db => made = await ClientSecretEndpoint.CreateAsync(db, client, cancellationToken), cancellationToken);
            await services.GetRequiredService<AuditLog>().DoneByCommandAsync(AuditEvents.ClientSecretCreated, new(ClientId: client));
            await runner.Console.Output.WriteLineAsync(made);
        });
        return new Command("clients", "Programs that get or check tokens.") { secret };
    }
}
