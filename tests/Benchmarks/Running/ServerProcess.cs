using System.Diagnostics;
using System.Globalization;

namespace Microservices.Benchmarks.Running;

/// <summary>A server that runs, and what it has cost so far.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly HttpClient _http;

    private ServerProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
        _http = new HttpClient { BaseAddress = address };
    }

    public Uri Address { get; }

    /// <summary>CPU time of the process, in user and kernel.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts this program with a command that follows <see cref="ServerProtocol"/>, and waits until it is ready.</summary>
    public static async Task<ServerProcess> StartAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        Process process = SelfProcess.Start(arguments);
        try
        {
            using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(s_startLimit);
            while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                if (line.StartsWith(ServerProtocol.Ready, StringComparison.Ordinal))
                {
                    // Whatever it still prints must not fill the pipe and stop it.
                    _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                    return new ServerProcess(process, new Uri(line[ServerProtocol.Ready.Length..]));
                }
            }

            throw new InvalidOperationException("The server ended before it was ready.");
        }
        catch
        {
            await SelfProcess.EndAsync(process);
            throw;
        }
    }

    /// <summary>Bytes that the server has allocated since it started.</summary>
    public async Task<long> AllocatedAsync(CancellationToken cancellationToken) =>
        long.Parse(await _http.GetStringAsync(new Uri(ServerProtocol.AllocatedPath, UriKind.Relative), cancellationToken), CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await SelfProcess.EndAsync(_process);
    }
}
