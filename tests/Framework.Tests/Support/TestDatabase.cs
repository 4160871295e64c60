using System.Data.Common;
using System.Globalization;
using Microservices.Data.Dialects;
using MySql.Data.MySqlClient;

namespace Microservices.Framework.Tests.Support;

/// <summary>A database of one test class's own, on SQLite or on the MariaDB that <c>TEST_MARIADB</c> names, as <c>TEST_DATABASE</c> says.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private readonly string _name = "t" + Guid.NewGuid().ToString("N");
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "microservices-tests");

    public static bool IsMariaDb => Environment.GetEnvironmentVariable("TEST_DATABASE") == "mariadb";

    /// <summary>The settings that make a service use this database.</summary>
    public IReadOnlyDictionary<string, string?> Settings => IsMariaDb
        ? new Dictionary<string, string?> { ["DATABASE"] = "mariadb", ["DATABASE_CONNECTION"] = $"{Server};Database={_name}" }
        : new Dictionary<string, string?> { ["DATABASE"] = "sqlite", ["DATABASE_CONNECTION"] = $"Data Source={SqliteFile}" };

    private static string Server => Environment.GetEnvironmentVariable("TEST_MARIADB")
        ?? throw new InvalidOperationException("TEST_MARIADB is not set: run tests/run.sh, which starts a MariaDB.");

    private string SqliteFile => Path.Combine(_folder, _name + ".db");

    public static async Task<TestDatabase> CreateAsync()
    {
        var database = new TestDatabase();
        if (IsMariaDb)
        {
            await OnServerAsync($"create database `{database._name}`");
        }
        else
        {
            Directory.CreateDirectory(database._folder);
        }

        return database;
    }

    /// <summary>A connection beside those of the service, with the functions and collations that its tables need.</summary>
    public async Task<DbConnection> OpenAsync()
    {
        SqlDialect dialect = IsMariaDb ? new MariaDbDialect(Settings["DATABASE_CONNECTION"]!) : new SqliteDialect(Settings["DATABASE_CONNECTION"]!);
        var connection = dialect.DataSource.CreateConnection();
        await connection.OpenAsync();
        await dialect.InitializeAsync(connection, CancellationToken.None);
        return connection;
    }

    /// <summary>The first value of a query of the whole database, all tenants: for looking behind the service's back.</summary>
    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (T)Convert.ChangeType(await command.ExecuteScalarAsync() ?? throw new InvalidOperationException("No row."), typeof(T), CultureInfo.InvariantCulture);
    }

    /// <summary>Changes the database behind the service's back.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Connections of the service; MariaDB only.</summary>
    public Task<int> CountConnectionsAsync() =>
        ScalarAsync<int>("select count(*) from information_schema.processlist where db = database() and id <> connection_id()");

    /// <summary>Closes the service's connections at the server, as its restart does; MariaDB only.</summary>
    public async Task LoseConnectionsAsync()
    {
        while (await CountConnectionsAsync() > 0)
        {
            var id = await ScalarAsync<long>(
                "select coalesce(min(id), 0) from information_schema.processlist where db = database() and id <> connection_id() and command <> 'Killed'");
            if (id > 0)
            {
                await ExecuteAsync($"kill {id}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (IsMariaDb)
        {
            await OnServerAsync($"drop database `{_name}`");
            return;
        }

        foreach (var file in Directory.EnumerateFiles(_folder, _name + ".db*"))
        {
            File.Delete(file);
        }
    }

    private static async Task OnServerAsync(string sql)
    {
        await using var connection = new MySqlConnection(Server);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
