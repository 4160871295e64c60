using MySql.Data.MySqlClient;
using Microservices.Hosting;

namespace Local;

/// <summary>One database for each service: a file in the data folder, or a database of its own on a MariaDB server.</summary>
internal sealed class LocalDatabases(LocalOptions options)
{
    private const string DefaultPrefix = "microservices";
    private static readonly string[] s_names = ["central", "orders", "signup", "notifications"];

    /// <summary>Reaches the server and makes the databases that are missing.</summary>
    /// <exception cref="StartupException">There is no connection string, or the server refuses.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        if (!options.IsMariaDb)
        {
            return;
        }

        if (string.IsNullOrWhiteSpace(options.Connection))
        {
            throw new StartupException("--database mariadb needs --connection, such as \"Server=127.0.0.1;User ID=root;Password=...\".");
        }

        var server = ServerConnection();
        try
        {
            await using var connection = new MySqlConnection(server);
            await connection.OpenAsync(cancellationToken);
            foreach (var name in s_names)
            {
                await using var command = connection.CreateCommand();
                command.CommandText = $"create database if not exists `{Database(name).Replace("`", "``", StringComparison.Ordinal)}` character set utf8mb4";
                await command.ExecuteNonQueryAsync(cancellationToken);
            }
        }
        catch (MySqlException exception)
        {
            throw new StartupException($"The database server of --connection cannot be used: {exception.Message}", exception);
        }
    }

    /// <summary>The settings of one service.</summary>
    public string[] Arguments(string service) => options.IsMariaDb
        ? ["--DATABASE", "mariadb", "--DATABASE_CONNECTION", Connect(service)]
        : ["--DATABASE", "sqlite", "--DATABASE_CONNECTION", $"Data Source={Path.Combine(options.DataFolder, service + ".db")}"];

    private string ServerConnection()
    {
        try
        {
            return Connect(null);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or MySqlException)
        {
            // The driver's own words may quote a part of the text, and that may be the password.
            throw new StartupException("--connection is not a connection string that the driver understands.", exception);
        }
    }

    // Two installations can share a server: the database that the connection string names tells theirs apart.
    private string Database(string service) =>
        $"{(new MySqlConnectionStringBuilder(options.Connection).Database is { Length: > 0 } prefix ? prefix : DefaultPrefix)}_{service}";

    private string Connect(string? service) =>
        new MySqlConnectionStringBuilder(options.Connection) { Database = service is null ? "" : Database(service) }.ConnectionString;
}
