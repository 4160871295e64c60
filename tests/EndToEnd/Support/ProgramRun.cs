using System.Collections.Concurrent;
using System.Diagnostics;

namespace Microservices.EndToEnd.Support;

/// <summary>A built program of the repository, run as a process of its own.</summary>
internal sealed class ProgramRun : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();

    private ProgramRun(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Lines of the standard output that are not empty.</summary>
    public IReadOnlyCollection<string> Output => _output;

    /// <summary>Lines of the standard error that are not empty.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>Everything the program has said.</summary>
    public string Said => string.Join('\n', _output.Concat(_errors));

    /// <summary>Starts <c>dotnet NAME.dll</c>.</summary>
    public static ProgramRun Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null) =>
        Start("dotnet", [Path.Combine(AppContext.BaseDirectory, program + ".dll"), .. arguments], folder: null, environment);

    /// <summary>Starts a command in a folder. Settings of the run's own environment are kept from it.</summary>
    public static ProgramRun Start(string command, IEnumerable<string> arguments, string? folder, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(command, arguments) { WorkingDirectory = folder ?? "", RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in (string[])["DATABASE", "DATABASE_CONNECTION", "TEST_MARIADB", "ASPNETCORE_URLS", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT"])
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new ProgramRun(start);
    }

    /// <summary>Waits for a line of the standard output; fails with what the program said when it ends first.</summary>
    public Task WaitForAsync(string line) => Wait.UntilAsync(
        () =>
        {
            var isThere = _output.Contains(line);
            Assert.True(isThere || !_process.HasExited || _output.Contains(line), $"The program ended before it said {line}:\n{Said}");
            return Task.FromResult(isThere);
        },
        () => $"The program never said {line}:\n{Said}");

    /// <summary>Waits for the end and returns the exit code.</summary>
    public async Task<int> WaitForEndAsync()
    {
        using var limit = new CancellationTokenSource(s_limit);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            throw new InvalidOperationException($"The program did not end (exited: {_process.HasExited}, threads: {(_process.HasExited ? "" : Threads())}):\n{Said}");
        }
    }

    /// <summary>Asks the program to end, as Ctrl-C or a container's stop does, and returns its exit code.</summary>
    public async Task<int> StopAsync()
    {
        using (var kill = Process.Start("bash", ["-c", $"kill -TERM {_process.Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        return await WaitForEndAsync();
    }

    /// <summary>Ends the program as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await WaitForEndAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private string Threads()
    {
        return string.Join("; ", Directory.GetDirectories($"/proc/{_process.Id}/task").Select(t => { try { return File.ReadAllText(t + "/comm").Trim() + " " + File.ReadAllText(t + "/syscall").Trim(); } catch (IOException) { return "?"; } }));
    }

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (!string.IsNullOrWhiteSpace(line))
        {
            lines.Enqueue(line);
        }
    }
}
