using System.Text.Json;
using Gateway.Discovery;

namespace Gateway.Health;

/// <summary>Whether every configured service is known and says that it is ready.</summary>
internal sealed class Readiness(ServiceDirectory directory, ServiceClient client, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(2);

    // Many callers in one moment cost the services one question.
    private static readonly TimeSpan Remembered = TimeSpan.FromMilliseconds(500);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private long _askedAt;
    private IReadOnlyList<string>? _missing;

    /// <summary>Answers 200, or 503 with the names of the services that are missing.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        var missing = await FindMissingAsync(context.RequestAborted);
        context.Response.StatusCode = missing.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("status", missing.Count == 0 ? "ready" : "not ready");
        json.WriteStartArray("missing");
        foreach (var name in missing)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public void Dispose() => _gate.Dispose();

    private async Task<IReadOnlyList<string>> FindMissingAsync(CancellationToken cancellationToken)
    {
        if (!directory.IsComplete)
        {
            // Nobody needs to be asked, so nothing is remembered: whoever waits for the start learns of its end at once.
            return [.. directory.Services.Where(service => service.Manifest is null).Select(service => service.Label)];
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_missing is null || time.GetElapsedTime(_askedAt) > Remembered)
            {
                var ready = await Task.WhenAll(directory.Services.Select(service => IsReadyAsync(service, cancellationToken)));
                _missing = [.. directory.Services.Where((_, index) => !ready[index]).Select(service => service.Label)];
                _askedAt = time.GetTimestamp();
            }

            return _missing;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<bool> IsReadyAsync(Service service, CancellationToken cancellationToken)
    {
        if (service.Manifest is null)
        {
            return false;
        }

        using var limit = new CancellationTokenSource(ProbeTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, service.Prefix + "/readyz");
            using var response = await client.Invoker.SendAsync(request, both.Token);
            return response.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
