using System.Data.Common;
using Microservices.Data.Dialects;
using Microsoft.Extensions.Configuration;

namespace Microservices.Hosting;

/// <summary>Chooses the database of a service from its configuration.</summary>
internal static class DatabaseSettings
{
    /// <summary>
    /// <c>DATABASE</c> is <c>sqlite</c> (the default: a file in <c>DATA_DIRECTORY</c>) or <c>mariadb</c>, whose connection string is
    /// <c>DATABASE_CONNECTION</c> or stands in the file that <c>DATABASE_CONNECTION_FILE</c> names.
    /// </summary>
    /// <exception cref="StartupException">A setting is missing or unknown, or the folder cannot be written.</exception>
    public static SqlDialect Dialect(IConfiguration configuration, string service, DbProviderFactory? driver)
    {
        var connection = configuration["DATABASE_CONNECTION"];
        if (string.IsNullOrEmpty(connection) && configuration["DATABASE_CONNECTION_FILE"] is { Length: > 0 } file)
        {
            try
            {
                connection = File.ReadAllText(file).Trim();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new StartupException($"DATABASE_CONNECTION_FILE cannot be read: {exception.Message}", exception);
            }
        }

        try
        {
            return configuration["DATABASE"]?.ToLowerInvariant() switch
            {
                null or "" or "sqlite" => new SqliteDialect(string.IsNullOrEmpty(connection) ? SqliteFile(configuration["DATA_DIRECTORY"] ?? "data", service) : connection),
                "mariadb" or "mysql" when !string.IsNullOrEmpty(connection) => new MariaDbDialect(connection, driver),
                "mariadb" or "mysql" => throw new StartupException("DATABASE=mariadb needs DATABASE_CONNECTION, the connection string of this service's own database."),
                var other => throw new StartupException($"DATABASE is sqlite or mariadb, not '{other}'."),
            };
        }
        catch (ArgumentException exception)
        {
            // The driver's message may quote the string, which holds a password.
            throw new StartupException("DATABASE_CONNECTION is not a connection string that the driver understands.", exception);
        }
    }

    private static string SqliteFile(string directory, string service)
    {
        try
        {
            Directory.CreateDirectory(directory);
            return $"Data Source={Path.Combine(directory, service + ".db")}";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The data folder {directory} cannot be made: {exception.Message}", exception);
        }
    }
}
