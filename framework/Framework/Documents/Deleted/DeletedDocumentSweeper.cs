using Microservices.Data;
using Microservices.DocTypes;
using Microservices.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microservices.Documents;

/// <summary>Deletes copies of deleted documents whose time is over, from time to time.</summary>
internal sealed partial class DeletedDocumentSweeper(IServiceScopeFactory scopes, IOptions<DeletedDocumentOptions> options, TimeProvider time, ILogger<DeletedDocumentSweeper> logger) : BackgroundService
{
    private const string Copies = "Deleted Document";

    private static readonly TimeSpan s_interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(FieldValue.Microseconds(time.GetUtcNow().UtcDateTime - options.Value.Retention), stoppingToken);
            }
#pragma warning disable CA1031 // A database that is away now is asked again next time; the service goes on.
            catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
            {
                LogFailed(logger, exception);
            }
        }
    }

    private async Task SweepAsync(DateTime before, CancellationToken cancellationToken)
    {
        var deleted = 0;
        foreach (var tenant in await TenantsAsync(before, cancellationToken))
        {
            await using var scope = scopes.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<RequestScope>().User = CurrentUser.Service(tenant);
            deleted += await scope.ServiceProvider.GetRequiredService<TenantDb>().DeleteBeforeAsync(Copies, StandardFields.Modified, before, cancellationToken);
        }

        if (deleted > 0)
        {
            LogSwept(logger, deleted);
        }
    }

    private async Task<List<Tenant>> TenantsAsync(DateTime before, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await using var result = await scope.ServiceProvider.GetRequiredService<UnitOfWork>().QueryAsync(
            $"select distinct `tenant_id` from `tab{Copies}` where `modified`<@p0", new object?[] { before }, cancellationToken);
        var tenants = new List<Tenant>();
        while (result.Read())
        {
            tenants.Add(new Tenant(result.Row.GetString(0)));
        }

        return tenants;
    }

    [LoggerMessage(EventId = 1501, Level = LogLevel.Information, Message = "Deleted {Count} copies of deleted documents whose time is over")]
    private static partial void LogSwept(ILogger logger, int count);

    [LoggerMessage(EventId = 1502, Level = LogLevel.Warning, Message = "Copies of deleted documents whose time is over were not deleted; tried again later")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
