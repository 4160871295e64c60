namespace Central.Keys;

/// <summary>Looks every ten seconds for keys that another process or a command made or withdrew, and keeps the keys rotating.</summary>
internal sealed partial class KeyRefresher(KeyRing keys, TimeProvider time, ILogger<KeyRefresher> logger) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(s_interval, time, stoppingToken);
                await keys.RefreshAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever fails is tried again; the next round must come.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogFailure(logger, exception);
            }
        }
    }

    [LoggerMessage(5002, LogLevel.Error, "The signing keys were not refreshed; the next round tries again")]
    private static partial void LogFailure(ILogger logger, Exception exception);
}
