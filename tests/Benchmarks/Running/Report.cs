using System.Globalization;
using System.Text;
using Microservices.Benchmarks.Load;

namespace Microservices.Benchmarks.Running;

/// <summary>Prints measurements; the first server is the one that the others are compared with.</summary>
internal static class Report
{
    private const double AgreeingShare = 0.05;

    private static readonly CompositeFormat s_columns = CompositeFormat.Parse("{0,-8} {1,-12} {2,7} {3,8} {4,8} {5,10} {6,8} {7,8} {8,8} {9,9} {10,20} {11,20}");

    public static void Head() => Console.WriteLine(string.Format(
        CultureInfo.InvariantCulture, s_columns, "", "", "req/s", "p50 ms", "p99 ms", "server us", "db us", "trips", "rows", "alloc B", "server ratio", "db ratio"));

    /// <summary>One line for each server, from its rounds taken together; beside a ratio its lowest and highest round.</summary>
    public static void Endpoint(BenchEndpoint endpoint, IReadOnlyList<(string Server, IReadOnlyList<Measurement> Rounds)> servers)
    {
        IReadOnlyList<Measurement> yardstick = servers[0].Rounds;
        foreach ((string server, IReadOnlyList<Measurement> rounds) in servers)
        {
            double requests = rounds.Sum(round => round.Load.Succeeded);
            Console.WriteLine(string.Format(
                CultureInfo.InvariantCulture,
                s_columns,
                endpoint.ToString().ToLowerInvariant(),
                server,
                Number(requests / rounds.Sum(round => round.Load.Seconds), "n0"),
                Number(rounds.Average(round => round.Load.P50), "n2"),
                Number(rounds.Average(round => round.Load.P99), "n2"),
                Number(PerRequest(rounds, round => round.ServerCpu.TotalMicroseconds), "n0"),
                Number(PerRequest(rounds, round => round.DatabaseCpu.TotalMicroseconds), "n0"),
                Number(PerRequest(rounds, round => round.Work.RoundTrips), "n2"),
                Number(PerRequest(rounds, round => round.Work.RowsRead), "n1"),
                Allocated(rounds),
                Ratio(rounds, yardstick, round => round.ServerCpu.TotalMicroseconds),
                Ratio(rounds, yardstick, round => round.DatabaseCpu.TotalMicroseconds)));
        }
    }

    /// <summary>One line of a load that met a server just started, or the same server again.</summary>
    public static void Cold(string server, string state, LoadResult load)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{server,-12} {state,-5} {load.Succeeded,7} answered, {load.Failed} failed, {load.RequestsPerSecond,7:n0} req/s, p50 {load.P50:n1} ms, p99 {load.P99:n1} ms, max {load.Max:n1} ms"));
        if (load.FirstFailure is { } reason)
        {
            Console.WriteLine($"             first failure: {reason}");
        }
    }

    /// <summary>
    /// The middle round, if another one confirms it. The runtime's counter of allocated bytes was seen to fall by half in one step, with
    /// the server collector's default adaptation of heaps: a sum over the rounds then shows too little, and nothing tells so.
    /// </summary>
    private static string Allocated(IReadOnlyList<Measurement> rounds)
    {
        double[] each = [.. rounds.Select(round => PerRequest([round], one => one.AllocatedBytes)).Order()];
        double middle = each[each.Length / 2];
        int agreeing = each.Count(one => Math.Abs(one - middle) <= AgreeingShare * Math.Abs(middle));
        return middle > 0 && agreeing > 1 ? Number(middle, "n0") : "unsure";
    }

    private static string Ratio(IReadOnlyList<Measurement> rounds, IReadOnlyList<Measurement> yardstick, Func<Measurement, double> cost)
    {
        if (ReferenceEquals(rounds, yardstick))
        {
            return "1";
        }

        double[] each = [.. rounds.Zip(yardstick, (round, with) => PerRequest([round], cost) / PerRequest([with], cost)).Order()];
        return string.Create(CultureInfo.InvariantCulture, $"{PerRequest(rounds, cost) / PerRequest(yardstick, cost):n2} ({each[0]:n2}-{each[^1]:n2})");
    }

    private static double PerRequest(IReadOnlyList<Measurement> rounds, Func<Measurement, double> cost) =>
        rounds.Sum(cost) / rounds.Sum(round => round.Load.Succeeded);

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
