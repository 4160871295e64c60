using Microservices.Data;
using Microservices.Data.Queries;
using Microservices.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microservices.Files;

/// <summary>Removes bytes whose row was never committed, after a crash or a rollback: at the start and from time to time.</summary>
internal sealed partial class FileSweeper(IFileStore store, IServiceScopeFactory scopes, IOptions<FileStorageOptions> options, TimeProvider time, ILogger<FileSweeper> logger) : BackgroundService
{
    private const int Batch = 100;

    /// <summary>Looks through the store once.</summary>
    /// <returns>How many objects were removed.</returns>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var latest = time.GetUtcNow() - options.Value.OrphanAge;
        var removed = 0;
        await foreach (var keys in store.ListAsync(cancellationToken).Where(found => found.Written <= latest).Select(found => found.Key).Chunk(Batch).WithCancellation(cancellationToken))
        {
            foreach (var key in await OrphansAsync(keys, cancellationToken))
            {
                await store.DeleteAsync(key, cancellationToken);
                removed++;
            }
        }

        if (removed > 0)
        {
            LogSwept(logger, removed);
        }

        return removed;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SweepInterval, time);
        do
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A store or database that is away now is asked again next time; the service goes on.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogFailed(logger, exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<List<string>> OrphansAsync(string[] keys, CancellationToken cancellationToken)
    {
        var orphans = new List<string>();
        foreach (var group in keys.GroupBy(FileKeys.TenantOf))
        {
            if (group.Key is { } tenant)
            {
                orphans.AddRange(await WithoutRowAsync(tenant, "storage_key", [.. group], cancellationToken));
                continue;
            }

            foreach (var key in group)
            {
                if (!FileKeys.IsNote(key) || await IsOrphanNoteAsync(key, cancellationToken))
                {
                    orphans.Add(key);
                }
            }
        }

        return orphans;
    }

    private async Task<bool> IsOrphanNoteAsync(string key, CancellationToken cancellationToken)
    {
        if (await store.OpenAsync(key, 0, cancellationToken) is not { } note)
        {
            return false;
        }

        using var reader = new StreamReader(note);
        var tenant = await reader.ReadToEndAsync(cancellationToken);
        return !Tenant.IsValid(tenant) || (await WithoutRowAsync(new Tenant(tenant), "public_id", [key[(key.IndexOf('/', StringComparison.Ordinal) + 1)..]], cancellationToken)).Count > 0;
    }

    private async Task<List<string>> WithoutRowAsync(Tenant tenant, string field, string[] values, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<RequestScope>().User = CurrentUser.Service(tenant);
        var rows = await scope.ServiceProvider.GetRequiredService<TenantDb>().GetAllAsync(
            "File", new ListQuery { Fields = [field], Filters = [new(field, "in", values)], GroupBy = field, OrderBy = field, Limit = int.MaxValue }, cancellationToken);
        return [.. values.Except(rows.Select(row => (string)row[field]!), StringComparer.Ordinal)];
    }

    [LoggerMessage(EventId = 1301, Level = LogLevel.Information, Message = "Removed {Count} stored objects that no file has")]
    private static partial void LogSwept(ILogger logger, int count);

    [LoggerMessage(EventId = 1302, Level = LogLevel.Warning, Message = "The stored objects could not be looked through; tried again later")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
