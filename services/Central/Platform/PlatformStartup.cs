using Central.Keys;
using Central.Seed;
using Central.Settings;
using Central.Tenants;

namespace Central.Platform;

/// <summary>Makes what the site cannot be without, before it listens: keys, the platform tenant and its roles, the first administrator, the seed.</summary>
internal sealed class PlatformStartup(
    KeyRing keys, PlatformDatabase platform, CentralSettings settings, FirstAdministrator administrator, Seeder seeder) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await keys.RefreshAsync(cancellationToken);
            await EnsurePlatformAsync(cancellationToken);
            await administrator.EnsureAsync(cancellationToken);
            await seeder.RunAsync(cancellationToken);
        }
        catch (FrameworkException exception)
        {
            throw new StartupException($"The central site's first rows cannot be written: {exception.Message}", exception);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task EnsurePlatformAsync(CancellationToken cancellationToken)
    {
        if (await platform.RunAsync(db => db.ExistsAsync("Tenant", settings.PlatformTenant.Id, cancellationToken)))
        {
            return;
        }

        try
        {
            await platform.InTransactionAsync(
                async db =>
                {
                    await TenantProvisioning.InsertTenantAsync(db, settings.PlatformTenant, "Platform", cancellationToken);
                    await TenantProvisioning.EnsureRolesAsync(db, [RoleNames.PlatformAdministrator, RoleNames.TenantProvisioner], cancellationToken);
                },
                cancellationToken);
        }
        catch (DuplicateEntryException)
        {
            // Another process made it first.
        }
    }
}
