using Central.Settings;
using Central.Tenants;

namespace Central.Platform;

/// <summary>The platform's own tenant and its roles, without which nothing else can be kept.</summary>
internal sealed class PlatformRows(PlatformDatabase platform, CentralSettings settings)
{
    /// <summary>Makes them where they are missing.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
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
