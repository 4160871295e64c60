using MySql.Data.MySqlClient;

namespace Microservices.EndToEnd.Support;

/// <summary>Where one product keeps its data: its folder, or on MariaDB databases whose names nobody else uses.</summary>
internal sealed class ProductDatabases
{
    private readonly string _prefix = $"e2e_{Guid.NewGuid():N}"[..16];

    /// <summary>Connection string of the run's MariaDB server, without a database; null when the run is on SQLite.</summary>
    public static string? Server { get; } =
        Environment.GetEnvironmentVariable("TEST_DATABASE") == "mariadb" ? Environment.GetEnvironmentVariable("TEST_MARIADB") : null;

    /// <summary>What the command line of deploy/Local says about them.</summary>
    public string[] Arguments => Server is null ? [] : ["--database", "mariadb", "--connection", new MySqlConnectionStringBuilder(Server) { Database = _prefix }.ConnectionString];

    /// <summary>Makes one more database and returns its connection string.</summary>
    public async Task<string> CreateAsync(string name)
    {
        await ExecuteAsync($"create database {_prefix}_{name}");
        return new MySqlConnectionStringBuilder(Server) { Database = $"{_prefix}_{name}" }.ConnectionString;
    }

    /// <summary>Removes them.</summary>
    public async Task DropAsync()
    {
        if (Server is not null)
        {
            foreach (var database in await NamesAsync())
            {
                await ExecuteAsync($"drop database {database}");
            }
        }
    }

    private async Task<List<string>> NamesAsync()
    {
        await using MySqlConnection connection = new(Server);
        await connection.OpenAsync();
        await using MySqlCommand command = new("select schema_name from information_schema.schemata where left(schema_name, 16) = @prefix", connection);
        command.Parameters.AddWithValue("@prefix", _prefix);
        await using var reader = await command.ExecuteReaderAsync();
        List<string> names = [];
        while (await reader.ReadAsync())
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }

    private static async Task ExecuteAsync(string sql)
    {
        await using MySqlConnection connection = new(Server);
        await connection.OpenAsync();
        await using MySqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
