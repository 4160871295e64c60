using System.Globalization;
using MySql.Data.MySqlClient;

namespace Microservices.EndToEnd;

/// <summary>What the other tests rely on: the database of this run is the one that TEST_DATABASE names, and it keeps what it acknowledges.</summary>
public sealed class TestDatabaseTests
{
    [Fact]
    public async Task DatabaseOfTheRun_IsDurableAndTakesManySessions()
    {
        string? server = Environment.GetEnvironmentVariable("TEST_MARIADB");
        if (Environment.GetEnvironmentVariable("TEST_DATABASE") != "mariadb")
        {
            Assert.Null(server);
            return;
        }

        await using MySqlConnection connection = new(server);
        await connection.OpenAsync(TestContext.Current.CancellationToken);

        Assert.Equal("1", await VariableAsync(connection, "innodb_flush_log_at_trx_commit"));
        Assert.True(int.Parse(await VariableAsync(connection, "max_connections"), CultureInfo.InvariantCulture) >= 100);
    }

    private static async Task<string> VariableAsync(MySqlConnection connection, string name)
    {
        await using MySqlCommand command = new("select variable_value from information_schema.global_variables where variable_name = @name", connection);
        command.Parameters.AddWithValue("@name", name);
        return (string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
