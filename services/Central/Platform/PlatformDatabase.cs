using Central.Settings;

namespace Central.Platform;

/// <summary>The database as the platform tenant sees it, for the central site's own work: each piece in a scope of its own.</summary>
internal sealed class PlatformDatabase(IServiceProvider services, CentralSettings settings)
{
    /// <summary>Runs work on the platform's rows.</summary>
    public Task<T> RunAsync<T>(Func<TenantDb, Task<T>> work) => RunAsync(settings.PlatformTenant, work);

    /// <inheritdoc cref="RunAsync{T}(Func{TenantDb, Task{T}})"/>
    public Task RunAsync(Func<TenantDb, Task> work) => RunAsync(async db =>
    {
        await work(db);
        return true;
    });

    /// <summary>Runs work on the rows of one tenant, which comes from a row of the platform, never from a request.</summary>
    public async Task<T> RunAsync<T>(Tenant tenant, Func<TenantDb, Task<T>> work)
    {
        await using var scope = services.CreateTenantScope(tenant);
        return await work(scope.ServiceProvider.GetRequiredService<TenantDb>());
    }

    /// <summary>Runs work on the platform's rows as one transaction.</summary>
    public Task InTransactionAsync(Func<TenantDb, Task> work, CancellationToken cancellationToken) =>
        RunAsync(db => db.TransactionAsync(() => work(db), cancellationToken));
}
