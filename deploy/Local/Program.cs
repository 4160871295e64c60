using System.CommandLine;
using Local;

var port = new Option<int>("--port") { Description = "Port of the gateway on 127.0.0.1.", DefaultValueFactory = _ => LocalOptions.DefaultPort };
var address = new Option<string?>("--address") { Description = "The address that users type, such as http://localhost:8080, which passkeys need: browsers have none for a bare IP address." };
address.Validators.Add(result =>
{
    if (result.GetValueOrDefault<string?>() is { } text && !(Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && text == uri.GetLeftPart(UriPartial.Authority)))
    {
        result.AddError("--address is scheme, host and port, such as http://localhost:8080.");
    }
});
var data = new Option<DirectoryInfo>("--data") { Description = "Folder of all data; it survives a restart.", DefaultValueFactory = _ => new DirectoryInfo("data") };
var seed = new Option<FileInfo?>("--seed") { Description = "Tenants, users and clients to begin with, in place of the demo's (JSON)." };
var database = new Option<string>("--database") { Description = "Where the services keep their data.", DefaultValueFactory = _ => "sqlite", HelpName = "sqlite|mariadb" };
database.Validators.Add(result =>
{
    if (result.GetValueOrDefault<string>() is not ("sqlite" or "mariadb"))
    {
        result.AddError($"--database is sqlite or mariadb, not {result.GetValueOrDefault<string>()}.");
    }
});
var connection = new Option<string?>("--connection") { Description = "With mariadb: connection string of the server. A database in it is the prefix of the services' databases, in place of microservices. The variable DATABASE_CONNECTION serves too and stays out of the process list." };

var command = new RootCommand("The whole product in one process: central site, gateway and example services, for development.") { port, address, data, seed, database, connection };
command.SetAction(async (result, cancellationToken) =>
{
    var options = new LocalOptions(
        result.GetValue(port),
        result.GetValue(address),
        result.GetValue(data)!.FullName,
        result.GetValue(seed)?.FullName,
        result.GetValue(database) == "mariadb",
        result.GetValue(connection) ?? Environment.GetEnvironmentVariable("DATABASE_CONNECTION"));
    try
    {
        await using var product = await LocalProduct.StartAsync(options, cancellationToken);
        product.PrintReady();
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return 0;
    }
    catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
    {
        return 0;
    }
    catch (Exception exception) when (LocalProduct.IsOperatorError(exception))
    {
        await Console.Error.WriteLineAsync($"Cannot start: {exception.Message}");
        return 1;
    }
});
// Stopping answers what is in hand, and takes as long as that takes; the library would end the process after two seconds.
return await command.Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
