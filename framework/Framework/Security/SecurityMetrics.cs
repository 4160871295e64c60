using System.Diagnostics.Metrics;

namespace Microservices.Security;

/// <summary>Counts what authentication costs: beside the requests, it tells how often the memory of checked tokens helps.</summary>
internal sealed class SecurityMetrics : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Microservices.Security";

    /// <summary>Name of the counter.</summary>
    public const string CounterName = "microservices.security.checked_tokens";

    private readonly Meter _meter;
    private readonly Counter<long> _checkedTokens;

    public SecurityMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _checkedTokens = _meter.CreateCounter<long>(CounterName, "{token}", "Access tokens whose form, signature and claims were checked, rather than remembered.");
    }

    public void TokenChecked() => _checkedTokens.Add(1);

    public void Dispose() => _meter.Dispose();
}
