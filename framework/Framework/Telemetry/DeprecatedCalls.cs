using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Microservices.Telemetry;

/// <summary>
/// Tells who still uses what is deprecated: a counter for each use, and a line in the log once a day for each caller and thing. Callers are told by their
/// immutable id, never by name.
/// </summary>
internal sealed partial class DeprecatedCalls : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Microservices.Api";

    /// <summary>Name of the counter.</summary>
    public const string CounterName = "microservices.api.deprecated_calls";

    private const int MaxRemembered = 10_000;

    private readonly Meter _meter;
    private readonly Counter<long> _counter;
    private readonly ConcurrentDictionary<(string Subject, string Kind, string What), DateOnly> _logged = new();
    private readonly TimeProvider _time;
    private readonly ILogger<DeprecatedCalls> _logger;

    public DeprecatedCalls(IMeterFactory meters, TimeProvider time, ILogger<DeprecatedCalls> logger)
    {
        _meter = meters.Create(MeterName);
        _counter = _meter.CreateCounter<long>(CounterName, "{call}", "Uses of deprecated resources, routes, methods and fields.");
        (_time, _logger) = (time, logger);
    }

    /// <param name="what">The resource, route, method or field.</param>
    /// <param name="subject">Immutable id of the caller; empty for a guest.</param>
    /// <param name="kind">What proved it.</param>
    public void Count(string what, string subject, string kind)
    {
        _counter.Add(1, new KeyValuePair<string, object?>("api.deprecated", what), new("enduser.id", subject), new("enduser.kind", kind));
        var today = DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime);
        if (_logged.Count >= MaxRemembered)
        {
            _logged.Clear(); // a line too many rather than memory without end
        }

        if (_logged.TryAdd((subject, kind, what), today) || (_logged.TryGetValue((subject, kind, what), out var last) && last != today && _logged.TryUpdate((subject, kind, what), today, last)))
        {
            LogCall(_logger, subject, kind, what);
        }
    }

    public void Dispose() => _meter.Dispose();

    [LoggerMessage(EventId = 1401, Level = LogLevel.Warning, Message = "{Subject} ({Kind}) still uses {What}, which is deprecated")]
    private static partial void LogCall(ILogger logger, string subject, string kind, string what);
}
