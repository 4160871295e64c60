using System.Diagnostics;
using System.Globalization;
using Dapper;
using MySql.Data.MySqlClient;

namespace Microservices.Benchmarks.Running;

/// <summary>
/// A database of its own on a MariaDB of this machine: the one that TEST_MARIADB names, or one that <c>tests/mariadb.sh</c> starts for this run.
/// </summary>
internal sealed class BenchmarkDatabase : IAsyncDisposable
{
    private const string Database = "framework_benchmarks";
    private const long BufferPoolBytes = 1L << 30; // the seeded table and its index stay in memory

    private readonly string _server;
    private readonly string _home;
    private readonly Process _process;

    private BenchmarkDatabase(string server, string home, Process process)
    {
        _server = server;
        _home = home;
        _process = process;
    }

    public string ConnectionString => $"{_server};Database={Database}";

    /// <summary>CPU time of the database server, in user and kernel.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static async Task<BenchmarkDatabase> StartAsync(CancellationToken cancellationToken)
    {
        string home = Path.Combine(Path.GetTempPath(), $"benchmarks-{Guid.NewGuid():n}");
        string server = (await ScriptAsync("start", home, cancellationToken)).Trim();
        try
        {
            await using MySqlConnection connection = new(server);
            await connection.OpenAsync(cancellationToken);
            if (Directory.Exists(home))
            {
                await connection.ExecuteAsync($"set global innodb_buffer_pool_size = {BufferPoolBytes}");
            }

            await connection.ExecuteAsync($"drop database if exists `{Database}`");
            await connection.ExecuteAsync($"create database `{Database}` character set utf8mb4");
            string pidFile = await connection.ExecuteScalarAsync<string>("select if(@@pid_file like '/%', @@pid_file, concat(@@datadir, @@pid_file))") ?? "";
            int pid = int.Parse(await File.ReadAllTextAsync(pidFile, cancellationToken), CultureInfo.InvariantCulture);
            return new BenchmarkDatabase(server, home, Process.GetProcessById(pid));
        }
        catch
        {
            await ScriptAsync("stop", home, CancellationToken.None);
            throw;
        }
    }

    /// <summary>What the server has done so far.</summary>
    public async Task<DatabaseWork> WorkAsync(CancellationToken cancellationToken)
    {
        await using MySqlConnection connection = new(_server);
        IEnumerable<(string Name, string Value)> all = await connection.QueryAsync<(string, string)>(new CommandDefinition("show global status", cancellationToken: cancellationToken));
        Dictionary<string, string> status = all.ToDictionary(variable => variable.Name, variable => variable.Value, StringComparer.OrdinalIgnoreCase);
        return new DatabaseWork(
            Sum(name => name is "Questions" or "Com_admin_commands"),
            Sum(name => name.StartsWith("Handler_read_", StringComparison.Ordinal)));

        long Sum(Func<string, bool> counts) => status.Where(variable => counts(variable.Key)).Sum(variable => long.Parse(variable.Value, CultureInfo.InvariantCulture));
    }

    public async ValueTask DisposeAsync()
    {
        await using (MySqlConnection connection = new(_server))
        {
            await connection.ExecuteAsync($"drop database if exists `{Database}`");
        }

        _process.Dispose();
        await ScriptAsync("stop", _home, CancellationToken.None);
    }

    private static async Task<string> ScriptAsync(string verb, string home, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new("bash", [Path.Combine(RepositoryRoot(), "tests", "mariadb.sh"), verb])
        {
            RedirectStandardOutput = true,
            Environment = { ["MARIADB_HOME"] = home },
        };
        using Process script = Process.Start(start)!;
        string output = await script.StandardOutput.ReadToEndAsync(cancellationToken);
        await script.WaitForExitAsync(cancellationToken);
        return script.ExitCode == 0 ? output : throw new InvalidOperationException($"tests/mariadb.sh {verb} ended with code {script.ExitCode}.");
    }

    private static string RepositoryRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Microservices.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("This program must lie in a checkout, for it uses tests/mariadb.sh.");
    }
}

/// <summary>Counters of a database server.</summary>
/// <param name="RoundTrips">Commands that clients sent and waited for.</param>
/// <param name="RowsRead">Rows and index entries that storage engines handed out.</param>
internal readonly record struct DatabaseWork(long RoundTrips, long RowsRead);
