using System.Security.Cryptography;

namespace Microservices.Security;

/// <summary>
/// How long to leave a failing server alone: 0.25 s, doubling up to a limit, each shortened by chance so that replicas do not
/// knock together. Failures of calls that ran side by side count once.
/// </summary>
internal sealed class BackOff(TimeProvider time, TimeSpan longest)
{
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(0.25);

    private readonly Lock _gate = new();
    private int _failures;
    private DateTimeOffset _until;

    /// <summary>Time left to wait; zero or less when the server may be asked.</summary>
    public TimeSpan Remaining
    {
        get
        {
            lock (_gate)
            {
                return _until - time.GetUtcNow();
            }
        }
    }

    public void Succeeded()
    {
        lock (_gate)
        {
            _failures = 0;
            _until = default;
        }
    }

    public void Failed()
    {
        lock (_gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            if (now < _until)
            {
                return;
            }

            TimeSpan whole = s_first * Math.Pow(2, Math.Min(_failures++, 16));
            double part = 0.5 + (RandomNumberGenerator.GetInt32(1, 501) / 1000.0);
            _until = now + ((whole < longest ? whole : longest) * part);
        }
    }
}
