using System.Net;
using System.Net.Sockets;

namespace Microservices.EndToEnd.Support;

/// <summary>The whole product with its demo, started as a user starts it, in a folder of its own.</summary>
public class RunningProduct : IAsyncLifetime
{
    private readonly ProductDatabases _databases = new();
    private readonly int _port = FreePort();
    private ProgramRun? _run;

    /// <summary>The folder in which the user would stand; the data is in <c>data</c> beneath.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("e2e-").FullName;

    /// <summary>Folder of the data.</summary>
    public string DataFolder => Path.Combine(Folder, "data");

    /// <summary>The gateway.</summary>
    public Uri Address => new($"http://{Host}:{_port}");

    /// <summary>What the product wrote to its console.</summary>
    public string Said => _run!.Said;

    /// <summary>A caller without credentials.</summary>
    public ApiClient Guest => new(Address);

    internal ProductDatabases Databases => _databases;

    /// <summary>Settings of the product's environment.</summary>
    protected virtual IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>();

    /// <summary>The port of the gateway.</summary>
    protected int Port => _port;

    /// <summary>The host that users type.</summary>
    protected virtual string Host => "127.0.0.1";

    /// <summary>Further arguments of its command.</summary>
    protected virtual IReadOnlyList<string> Arguments => [];

    /// <summary>A port that is free now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>A value of <c>demo.env</c>.</summary>
    public string Demo(string name) => File.ReadAllLines(Path.Combine(DataFolder, "demo.env"))
        .SelectMany(line => line.Split(' ')).Single(word => word.StartsWith(name + "=", StringComparison.Ordinal))[(name.Length + 1)..];

    /// <inheritdoc/>
    public virtual async ValueTask InitializeAsync() => await StartAsync();

    /// <summary>Starts it, and waits for READY.</summary>
    public async Task StartAsync()
    {
        _run = Run();
        await _run.WaitForAsync($"READY http://{Host}:{_port}");
    }

    /// <summary>Asks it to end; returns the exit code.</summary>
    public Task<int> StopAsync() => _run!.StopAsync();

    /// <summary>Ends it as <c>kill -9</c> does.</summary>
    public Task KillAsync() => _run!.KillAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _run?.Dispose();
        await _databases.DropAsync();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>The same command once more.</summary>
    internal ProgramRun Run() => ProgramRun.Start("Local", ["--port", $"{_port}", "--data", DataFolder, .. _databases.Arguments, .. Arguments], Settings);
}
