using Microservices.Errors;
using Microsoft.Extensions.Logging;

namespace Microservices.Security;

/// <summary>
/// The central site's addresses and signing keys, as last fetched. A bad answer never replaces good keys, and keys outlive an
/// outage by a day.
/// </summary>
internal sealed class JwksCache(CentralSiteOptions options, CentralSiteHttp http, TimeProvider time, ILogger<JwksCache> logger) : ISigningKeySource
{
    private static readonly TimeSpan s_fetchTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_longestOutage = TimeSpan.FromHours(24);

    /// <summary>Without keys nothing can be answered, so requests may ask more often than a strange <c>kid</c> may.</summary>
    private static readonly TimeSpan s_retryWithoutKeys = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Task<bool> _refresh = Task.FromResult(false);
    private DateTimeOffset _askedByRequestAt = DateTimeOffset.MinValue;
    private volatile CentralSiteMetadata? _metadata;
    private volatile Fetched? _fetched;

    /// <summary>Whether access tokens can be checked; <c>/readyz</c> says so.</summary>
    public bool HasKeys => Find(time.GetUtcNow()) is not null;

    /// <summary>The keys, or null when there are none or they are older than a day.</summary>
    public SigningKeySet? Find(DateTimeOffset now) => _fetched is { } fetched && now < fetched.GoodUntil ? fetched.Keys : null;

    /// <summary>Fetches discovery and keys; joins a fetch that is under way. Returns whether the keys came.</summary>
    public Task<bool> RefreshAsync()
    {
        lock (_gate)
        {
            return _refresh.IsCompleted ? _refresh = FetchAsync(isRediscovered: true) : _refresh;
        }
    }

    /// <summary>
    /// The newest keys, for a token whose key is not among the known ones: fetched now, unless requests have caused a fetch a short
    /// time ago already.
    /// </summary>
    /// <exception cref="AuthServiceUnavailableException">The last fetch failed.</exception>
    public async ValueTask<SigningKeySet> RefetchAsync(CancellationToken cancellationToken)
    {
        bool hasFetched = await FetchForRequestAsync(cancellationToken);
        return hasFetched && Find(time.GetUtcNow()) is { } keys ? keys : throw AuthenticationErrors.Unavailable(s_retryWithoutKeys);
    }

    /// <summary>The central site's addresses.</summary>
    /// <exception cref="AuthServiceUnavailableException">They are not known yet, and cannot be fetched now.</exception>
    public async ValueTask<CentralSiteMetadata> GetMetadataAsync(CancellationToken cancellationToken)
    {
        if (_metadata is null)
        {
            await FetchForRequestAsync(cancellationToken);
        }

        return _metadata ?? throw AuthenticationErrors.Unavailable(s_retryWithoutKeys);
    }

    private async Task<bool> FetchForRequestAsync(CancellationToken cancellationToken)
    {
        Task<bool> refresh;
        lock (_gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            TimeSpan interval = Find(now) is null && options.KeyRefreshInterval > s_retryWithoutKeys ? s_retryWithoutKeys : options.KeyRefreshInterval;
            if (_refresh.IsCompleted && now - _askedByRequestAt >= interval)
            {
                _askedByRequestAt = now;
                _refresh = FetchAsync(isRediscovered: false);
            }

            refresh = _refresh;
        }

        try
        {
            return await refresh.WaitAsync(options.Timeout, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task<bool> FetchAsync(bool isRediscovered)
    {
        // The caller holds the gate.
        await Task.Yield();
        try
        {
            CentralSiteMetadata metadata = isRediscovered || _metadata is null ? await DiscoverAsync() : _metadata;
            byte[] json = await http.GetAsync(metadata.Keys, s_fetchTimeout, CancellationToken.None);
            Fetched? known = _fetched;
            bool isSame = known is not null && known.Json.AsSpan().SequenceEqual(json);
            SigningKeySet keys = isSame ? known!.Keys : SigningKeySet.TryRead(json, options.TokenAlgorithms) ?? throw new CentralSiteException("The JWKS document holds no usable key.");
            _fetched = new Fetched(keys, json, time.GetUtcNow() + s_longestOutage);
            if (!isSame)
            {
                SecurityLog.KeysLoaded(logger, keys.Count);
            }

            return true;
        }
        catch (CentralSiteException exception)
        {
            SecurityLog.KeysNotLoaded(logger, HasKeys, exception.Message);
            return false;
        }
    }

    /// <summary>The addresses, or those known before when the new document is not good.</summary>
    private async Task<CentralSiteMetadata> DiscoverAsync()
    {
        try
        {
            var address = new Uri(options.Url.AbsoluteUri.TrimEnd('/') + "/.well-known/openid-configuration");
            return _metadata = CentralSiteMetadata.Read(await http.GetAsync(address, s_fetchTimeout, CancellationToken.None), options);
        }
        catch (CentralSiteException exception) when (_metadata is not null)
        {
            SecurityLog.DiscoveryFailed(logger, exception.Message);
            return _metadata;
        }
    }

    private sealed record Fetched(SigningKeySet Keys, byte[] Json, DateTimeOffset GoodUntil);
}
