using Central.Limits;
using Central.Settings;

namespace Central.Platform;

/// <summary>Deletes what has ended by itself.</summary>
internal sealed partial class Housekeeping(PlatformDatabase platform, CentralSettings settings, TimeProvider time, ILogger<Housekeeping> logger) : BackgroundService
{
    private const int MaxAtOnce = 1000;

    /// <summary>DocTypes whose documents are of no use after their <c>expires_at</c>.</summary>
    private static readonly string[] s_expiring =
        ["Revoked Token", "Refresh Token", "Authorization Code", "Device Code", "Used Assertion", "Pending Login", "Passkey Challenge", "Emailed Key"];

    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var now = time.GetUtcNow().UtcDateTime;
                await DeleteAsync("Session", new("ends_at", "<", now), stoppingToken);
                await DeleteAsync("Session", new("last_seen", "<", now - settings.SessionIdleTimeout), stoppingToken);
                await DeleteAsync("OAuth Grant", new("ends_at", "<", now), stoppingToken);
                foreach (var docType in s_expiring)
                {
                    await DeleteAsync(docType, new("expires_at", "<", now), stoppingToken);
                }

                await platform.RunAsync(async db => await db.DeleteBeforeAsync(LimitCounter.DocTypeName, "until", now, stoppingToken));
                await platform.RunAsync(async db => await db.DeleteBeforeAsync(AuditEvent.DocTypeName, "time", now - settings.AuditRetention, stoppingToken));
            }
#pragma warning disable CA1031 // Whatever fails is tried again; the next round must come.
            catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
            {
                LogFailure(logger, exception);
            }
        }
    }

    private Task DeleteAsync(string docType, Filter ended, CancellationToken cancellationToken) => platform.RunAsync(async db =>
    {
        IReadOnlyList<string> names;
        do
        {
            names = await db.NamesAsync(docType, ended, MaxAtOnce, cancellationToken);
            foreach (var name in names)
            {
                await db.TryDeleteAsync(docType, name, cancellationToken);
            }
        }
        while (names.Count == MaxAtOnce);
    });

    [LoggerMessage(5003, LogLevel.Error, "What has ended was not deleted; the next round tries again")]
    private static partial void LogFailure(ILogger logger, Exception exception);
}
