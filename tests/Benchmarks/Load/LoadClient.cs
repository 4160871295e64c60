using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Microservices.Benchmarks.Load;

/// <summary>Sends a load: every connection sends its next request when its last one is answered.</summary>
/// <param name="plan">How much.</param>
/// <param name="requestsOf">What a connection of a number sends: each call gives its next request, valid until the next call.</param>
internal sealed class LoadClient(LoadPlan plan, Func<int, Func<ReadOnlyMemory<byte>>> requestsOf)
{
    private readonly ConcurrentQueue<long[]> _times = new();
    private string? _firstFailure;
    private int _begun;
    private int _failed;

    public async Task<LoadResult> RunAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(plan.Limit * 2);
        long started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, plan.Connections).Select(number => Task.Run(() => SendAllAsync(number, started, limit.Token), cancellationToken)));
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;

        cancellationToken.ThrowIfCancellationRequested();
        long[] times = [.. _times.SelectMany(each => each).Order()];
        return new LoadResult(times.Length, _failed, seconds, Percentile(times, 0.5), Percentile(times, 0.9), Percentile(times, 0.99), Percentile(times, 1), _firstFailure);
    }

    private async Task SendAllAsync(int number, long started, CancellationToken cancellationToken)
    {
        List<long> times = new(plan.Requests / plan.Connections * 2);
        Func<ReadOnlyMemory<byte>> next = requestsOf(number);
        HttpConnection? connection = null;
        while (Stopwatch.GetElapsedTime(started) < plan.Limit && Interlocked.Increment(ref _begun) <= plan.Requests)
        {
            ReadOnlyMemory<byte> request = next();
            long sent = Stopwatch.GetTimestamp();
            try
            {
                if (connection is null)
                {
                    connection = new HttpConnection(plan.Server);
                    await connection.ConnectAsync(cancellationToken);
                }

                int status = await connection.ExchangeAsync(request, cancellationToken);
                if (status is >= 200 and < 300)
                {
                    times.Add(Stopwatch.GetTimestamp() - sent);
                }
                else
                {
                    Fail($"{status}: {Encoding.UTF8.GetString(connection.Body)}");
                }
            }
            catch (Exception error) when (error is IOException or SocketException or OperationCanceledException)
            {
                Fail(error is OperationCanceledException ? "No answer within the time limit." : error.Message);
                connection?.Dispose();
                connection = null;
            }
        }

        connection?.Dispose();
        _times.Enqueue([.. times]);
    }

    private void Fail(string reason)
    {
        Interlocked.Increment(ref _failed);
        Interlocked.CompareExchange(ref _firstFailure, reason, null);
    }

    private static double Percentile(long[] ordered, double share) =>
        ordered.Length == 0 ? 0 : ordered[(int)Math.Ceiling(share * ordered.Length) - 1] * 1000.0 / Stopwatch.Frequency;
}
