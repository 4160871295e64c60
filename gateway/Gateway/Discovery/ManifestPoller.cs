using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Gateway.Discovery;

/// <summary>Keeps asking every service for its manifest, each at its own pace, so that a slow one delays no other.</summary>
internal sealed class ManifestPoller(
    ServiceDirectory directory, ManifestReader reader, IOptions<GatewayOptions> options, TimeProvider time, ILogger<ManifestPoller> logger) : BackgroundService
{
    // Services that start beside the gateway are up a moment later; the wait doubles from here to MissingRefreshSeconds.
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(200);

    private readonly TimeSpan _refresh = TimeSpan.FromSeconds(options.Value.RefreshSeconds);
    private readonly TimeSpan _missingRefresh = TimeSpan.FromSeconds(options.Value.MissingRefreshSeconds);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(directory.Services.Select(service => PollAsync(service, stoppingToken)));

    private async Task PollAsync(Service service, CancellationToken cancellationToken)
    {
        byte[] known = [];
        string? complaint = null;
        var retry = FirstRetry;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var manifest = await reader.ReadAsync(service, cancellationToken);
                var text = JsonSerializer.SerializeToUtf8Bytes(manifest, ManifestJson.Default.Manifest);
                if (!text.AsSpan().SequenceEqual(known))
                {
                    directory.Learn(service, manifest);
                    known = text;
                    logger.Learned(manifest.Name, manifest.Version, service.Prefix, manifest.DocTypes.Count, manifest.Methods.Count, manifest.Routes.Count);
                }
                else if (complaint is not null)
                {
                    logger.ManifestBack(service.Prefix);
                }

                service.IsUp = true;
                complaint = null;
                retry = FirstRetry;
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Whatever one service sends, the others are served.
                service.IsUp = false;
                var reason = exception is OperationCanceledException ? "no whole answer in time" : exception.Message;
                if (reason != complaint)
                {
                    logger.ManifestMissing(service.Prefix, reason);
                }

                complaint = reason;
            }

            await Task.Delay(service.IsUp ? _refresh : Shorter(retry, _missingRefresh), time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            retry = service.IsUp ? FirstRetry : Shorter(retry * 2, _missingRefresh);
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
