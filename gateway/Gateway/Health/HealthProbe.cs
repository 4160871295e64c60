namespace Gateway.Health;

/// <summary>The <c>--health</c> command: asks the gateway on this machine whether it is up, for container health checks without curl.</summary>
internal static class HealthProbe
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    /// <returns>0 when it is up, else 1.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var configuration = new ConfigurationBuilder()
            .AddEnvironmentVariables("ASPNETCORE_")
            .AddEnvironmentVariables()
            .AddCommandLine([.. args.Where(arg => arg != "--health")])
            .Build();
        try
        {
            using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout };
            using var answer = await client.GetAsync(Address(configuration));
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or FormatException)
        {
            await Console.Error.WriteLineAsync($"not healthy: {exception.Message}");
            return 1;
        }
    }

    private static Uri Address(IConfiguration configuration)
    {
        var listening = ListenAddress.From(configuration) ?? configuration["urls"]!.Split(';')[0];
        // Where it listens on every address, loopback is one of them.
        return new Uri(new Uri(listening.Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal)
            .Replace("[::]", "[::1]", StringComparison.Ordinal)
            .Replace("//+", "//127.0.0.1", StringComparison.Ordinal)
            .Replace("//*", "//127.0.0.1", StringComparison.Ordinal)), "/healthz");
    }
}
