using System.Collections.Concurrent;
using System.Text.Json;
using Microservices.Errors;
using Microsoft.Extensions.Logging;

namespace Microservices.Security;

/// <summary>
/// Access tokens of the service itself, for its calls to the central site and to other services. One is fetched for each resource
/// and used until shortly before it ends.
/// </summary>
/// <remarks>RFC 6749 section 4.4, RFC 8707 section 2.</remarks>
public sealed class ServiceTokenProvider
{
    private static readonly TimeSpan s_longestMargin = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Slot> _slots = new(StringComparer.Ordinal);
    private readonly CentralSiteOptions _options;
    private readonly CentralSiteHttp _http;
    private readonly JwksCache _centralSite;
    private readonly TimeProvider _time;
    private readonly ILogger<ServiceTokenProvider> _logger;

    internal ServiceTokenProvider(CentralSiteOptions options, CentralSiteHttp http, JwksCache centralSite, TimeProvider time, ILogger<ServiceTokenProvider> logger)
    {
        _options = options;
        _http = http;
        _centralSite = centralSite;
        _time = time;
        _logger = logger;
    }

    /// <summary>A token that is good for some time yet.</summary>
    /// <param name="resource">Audience of the service to be called, as the central site knows it; null for this client's default.</param>
    /// <param name="cancellationToken">Ends this caller's wait.</param>
    /// <exception cref="AuthServiceUnavailableException">The central site gives no token now, and none is left that is still good.</exception>
    public ValueTask<string> GetTokenAsync(string? resource = null, CancellationToken cancellationToken = default)
    {
        Slot slot = _slots.GetOrAdd(resource ?? "", static (_, time) => new Slot(new BackOff(time, TimeSpan.FromSeconds(30))), _time);
        return slot.Token is { } token && _time.GetUtcNow() < token.RenewAt
            ? new ValueTask<string>(token.Value)
            : new ValueTask<string>(RenewAsync(slot, resource, cancellationToken));
    }

    private async Task<string> RenewAsync(Slot slot, string? resource, CancellationToken cancellationToken)
    {
        Task renewal;
        lock (slot.Gate)
        {
            if (slot.Renewal.IsCompleted && slot.BackOff.Remaining <= TimeSpan.Zero && !(slot.Token is { } fresh && _time.GetUtcNow() < fresh.RenewAt))
            {
                slot.Renewal = FetchAsync(slot, resource);
            }

            renewal = slot.Renewal;
        }

        await renewal.WaitAsync(cancellationToken);
        return slot.Token is { } token && _time.GetUtcNow() < token.ExpiresAt ? token.Value : throw AuthenticationErrors.Unavailable(slot.BackOff.Remaining);
    }

    private async Task FetchAsync(Slot slot, string? resource)
    {
        // The caller holds the gate.
        await Task.Yield();
        try
        {
            CentralSiteMetadata addresses = await _centralSite.GetMetadataAsync(CancellationToken.None);
            if (addresses.Token is null || !_http.HasClientCredentials)
            {
                throw new CentralSiteException("it needs CENTRAL_SITE_CLIENT_ID, CENTRAL_SITE_CLIENT_SECRET and a token_endpoint in the discovery document.");
            }

            List<KeyValuePair<string, string>> form = [new("grant_type", "client_credentials")];
            if (resource is not null)
            {
                form.Add(new("resource", resource));
            }

            DateTimeOffset asked = _time.GetUtcNow();
            slot.Token = Read(await _http.PostFormAsync(addresses.Token, form, _options.Timeout, CancellationToken.None), asked);
            slot.BackOff.Succeeded();
        }
        catch (CentralSiteException exception)
        {
            slot.BackOff.Failed();
            SecurityLog.ServiceTokenFailed(_logger, exception.Message);
        }
        catch (AuthServiceUnavailableException exception)
        {
            // No back-off: the fetch of the addresses has its own interval.
            SecurityLog.ServiceTokenFailed(_logger, exception.Message);
        }
    }

    private static ServiceToken Read(byte[] json, DateTimeOffset asked)
    {
        using JsonDocument? document = StrictJson.ParseObject(json);
        if (document?.RootElement is not { } root || root.Text("access_token"u8) is not { } value ||
            !"Bearer".Equals(root.Text("token_type"u8), StringComparison.OrdinalIgnoreCase) ||
            !root.TryGetProperty("expires_in"u8, out JsonElement life) || life.ValueKind != JsonValueKind.Number || !life.TryGetInt32(out int seconds) || seconds <= 0)
        {
            throw new CentralSiteException("its answer is no bearer token with a time to live.");
        }

        TimeSpan lifetime = TimeSpan.FromSeconds(seconds);
        TimeSpan margin = lifetime / 5 < s_longestMargin ? lifetime / 5 : s_longestMargin;
        return new ServiceToken(value, asked + lifetime - margin, asked + lifetime);
    }

    private sealed record ServiceToken(string Value, DateTimeOffset RenewAt, DateTimeOffset ExpiresAt);

    private sealed class Slot(BackOff backOff)
    {
        public readonly Lock Gate = new();
        public Task Renewal = Task.CompletedTask;
        public volatile ServiceToken? Token;

        public BackOff BackOff { get; } = backOff;
    }
}
