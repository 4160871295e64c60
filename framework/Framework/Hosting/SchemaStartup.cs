using System.Data.Common;
using Microservices.Data.Schema;
using Microsoft.Extensions.Hosting;

namespace Microservices.Hosting;

/// <summary>Brings the tables up before the service listens; a failure stops the start.</summary>
internal sealed class SchemaStartup(SchemaSync schema) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await schema.RunAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is DbException or IOException)
        {
            throw new StartupException($"The database refused the start: {exception.Message}", exception);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
