using System.Diagnostics;

namespace Microservices.EndToEnd.Support;

/// <summary>Runs the tests of the folder <c>Clients</c>, which use clients of other languages as npm installs them.</summary>
internal static class NodeTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);
    private static readonly SemaphoreSlim s_installing = new(1);

    /// <summary>Runs one file; fails with what it said when one of its tests failed.</summary>
    public static async Task RunAsync(string file, Dictionary<string, string> environment)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Clients");
        await InstallAsync(folder);
        var said = await RunAsync("node", ["--test", "--test-reporter=spec", file], folder, environment);
        Assert.Contains("fail 0", said, StringComparison.Ordinal);
    }

    private static async Task InstallAsync(string folder)
    {
        await s_installing.WaitAsync();
        try
        {
            // A lock file that is newer than what it locks was changed since the last installation.
            var installed = new FileInfo(Path.Combine(folder, "node_modules", ".package-lock.json"));
            if (!installed.Exists || installed.LastWriteTimeUtc < File.GetLastWriteTimeUtc(Path.Combine(folder, "package-lock.json")))
            {
                await RunAsync("npm", ["ci", "--no-audit", "--no-fund"], folder, []);
            }
        }
        finally
        {
            s_installing.Release();
        }
    }

    private static async Task<string> RunAsync(string program, string[] arguments, string folder, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(s_limit);
        await process.WaitForExitAsync(limit.Token);
        var said = await output + await errors;
        Assert.True(process.ExitCode == 0, said);
        return said;
    }
}
