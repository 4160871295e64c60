using System.Globalization;
using Microservices.Benchmarks.Framework;
using Microservices.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Benchmarks.Tokens;

/// <summary>
/// The authentication of a service on one thread, without HTTP around it, beside what it cannot do without: a hash and a look-up when the
/// token is remembered, a hash and one verification when it is not.
/// </summary>
internal sealed class TokenBenchmark(int rounds)
{
    private const int WarmCalls = 100_000;
    private const int ColdTokens = 1_000;
    private const double MaxWarmMicroseconds = 2;
    private const double MaxColdMicroseconds = 60;

    /// <returns>The exit code: 0 when the goals are met.</returns>
    public async Task<int> RunAsync()
    {
        await using FrameworkIssuer issuer = new();
        await issuer.StartAsync(CancellationToken.None);
        string[] tokens = [.. Enumerable.Range(0, ColdTokens).Select(issuer.Token)];
        await using ServiceProvider services = new ServiceCollection().AddLogging()
            .AddServiceAuthentication(new CentralSiteOptions { Url = new Uri(issuer.Url), CacheSize = 4 * ColdTokens }).BuildServiceProvider();
        JwksCache keys = services.GetRequiredService<JwksCache>();
        if (!await keys.RefreshAsync())
        {
            throw new InvalidOperationException("The issuer's keys were not fetched.");
        }

        HttpContext[] requests = [.. tokens.Select(Request)];
        SigningKeySet set = keys.Find(TimeProvider.System.GetUtcNow())!;
        SigningKey key = set.Find(FrameworkIssuer.KeyId)!;
        var bare = new BareChecks(key, tokens);

        List<Cost> warm = [], lookUp = [], cold = [], verification = [];
        for (int round = -1; round < rounds; round++)
        {
            // The first turn compiles what is hot. Each cold turn has an authenticator of its own, which remembers nothing.
            CredentialAuthenticator authenticator = Authenticator(services);
            cold.Add(Measure(ColdTokens, i => Check(authenticator, requests[i])));
            verification.Add(Measure(ColdTokens, bare.Verify));
            warm.Add(Measure(WarmCalls, _ => Check(authenticator, requests[0])));
            lookUp.Add(Measure(WarmCalls, _ => bare.LookUp()));
        }

        return Report(Lowest(warm), Lowest(lookUp), Lowest(cold), Lowest(verification));
    }

    private static int Report(Cost warm, Cost lookUp, Cost cold, Cost verification)
    {
        Line("remembered token: check", warm);
        Line("  SHA-256 and dictionary", lookUp);
        Line("new token: check", cold);
        Line("  SHA-256 and ES256 verification", verification);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"\nremembered / bare {warm.Microseconds / lookUp.Microseconds:n2}, new / bare {cold.Microseconds / verification.Microseconds:n2}, new / remembered {cold.Microseconds / warm.Microseconds:n0}"));
        bool isMet = warm.Microseconds <= MaxWarmMicroseconds && cold.Microseconds <= MaxColdMicroseconds;
        string verdict = isMet ? "met" : "missed";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"goals: remembered <= {MaxWarmMicroseconds} us, new <= {MaxColdMicroseconds} us: {verdict}"));
        return isMet ? 0 : 1;
    }

    private static void Line(string what, Cost cost) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-34} {cost.Microseconds * 1000,9:n0} ns {cost.Bytes,8:n0} B"));

    private static Cost Measure(int calls, Action<int> call)
    {
        // CPU time of this process, in which nothing else runs: other programs on the machine are not in it.
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        TimeSpan started = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < calls; i++)
        {
            call(i);
        }

        TimeSpan time = Environment.CpuUsage.TotalTime - started;
        return new Cost(time.TotalMicroseconds / calls, (double)(GC.GetAllocatedBytesForCurrentThread() - bytes) / calls);
    }

    /// <summary>The lowest round that counts: whatever disturbs a round can only add to it.</summary>
    private static Cost Lowest(List<Cost> rounds) => rounds.Skip(1).MinBy(cost => cost.Microseconds);

    private static CredentialAuthenticator Authenticator(IServiceProvider services) => ActivatorUtilities.CreateInstance<CredentialAuthenticator>(services);

    private static void Check(CredentialAuthenticator authenticator, HttpContext request)
    {
        ValueTask<CurrentUser?> user = authenticator.AuthenticateAsync(request);
        if (!user.IsCompletedSuccessfully || user.Result is null)
        {
            throw new InvalidOperationException("A good token was not accepted at once.");
        }
    }

    private static DefaultHttpContext Request(string token)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = HttpMethods.Get;
        context.Request.Headers.Authorization = "Bearer " + token;
        return context;
    }
}

/// <summary>What one call takes.</summary>
internal readonly record struct Cost(double Microseconds, double Bytes);
