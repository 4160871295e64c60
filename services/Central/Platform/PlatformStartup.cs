using Central.Keys;
using Central.Seed;

namespace Central.Platform;

/// <summary>Makes what the site cannot be without, before it listens: keys, the platform tenant and its roles, the first administrator, the seed.</summary>
internal sealed class PlatformStartup(
    KeyRing keys, PlatformRows rows, FirstAdministrator administrator, Seeder seeder) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await keys.RefreshAsync(cancellationToken);
            await rows.EnsureAsync(cancellationToken);
            await administrator.EnsureAsync(cancellationToken);
            await seeder.RunAsync(cancellationToken);
        }
        catch (FrameworkException exception)
        {
            throw new StartupException($"The central site's first rows cannot be written: {exception.Message}", exception);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
