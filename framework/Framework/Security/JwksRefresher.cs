using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microservices.Security;

/// <summary>Fetches the keys at start and every five minutes; after a failure sooner, without keys much sooner.</summary>
internal sealed class JwksRefresher(JwksCache cache, CentralSiteOptions options, TimeProvider time, ILogger<JwksRefresher> logger) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_longestWithoutKeys = TimeSpan.FromSeconds(4);

    private readonly BackOff _backOff = new(time, TimeSpan.FromSeconds(30));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.TokenAlgorithms.SequenceEqual(SignatureAlgorithm.Default) || !options.TokenTypes.SequenceEqual(AccessTokenHeader.DefaultTypes))
        {
            SecurityLog.OtherTokensAccepted(logger, string.Join(", ", options.TokenAlgorithms), string.Join(", ", options.TokenTypes));
        }

        try
        {
            await RefreshUntilAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // A host that is disposed without having been stopped takes the cancellation for a failure.
        }
    }

    private async Task RefreshUntilAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            TimeSpan pause = s_interval;
            if (await cache.RefreshAsync().WaitAsync(stoppingToken))
            {
                _backOff.Succeeded();
            }
            else
            {
                _backOff.Failed();
                TimeSpan remaining = _backOff.Remaining;
                pause = cache.HasKeys || remaining < s_longestWithoutKeys ? remaining : s_longestWithoutKeys;
            }

            await Task.Delay(pause > TimeSpan.Zero ? pause : TimeSpan.Zero, time, stoppingToken);
        }
    }
}
