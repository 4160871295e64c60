using System.Net;
using System.Net.Sockets;
using Microservices.Framework.Tests.Support;
using Microservices.Hosting;
using Microsoft.Extensions.Configuration;

namespace Microservices.Framework.Tests.Data;

/// <summary>A database that cannot be used stops the start with one line that tells why, and no secret.</summary>
public sealed class DatabaseStartTests
{
    private const string Password = "hunter2-very-secret";

    [Fact]
    public async Task DatabaseThatIsNotThere_StopsTheStart()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();
        await RefusedAsync("mariadb", $"Server=127.0.0.1;Port={port};User ID=u;Password={Password};Database=d;SslMode=Disabled;Connection Timeout=3");
    }

    [Fact]
    public async Task WrongPassword_IsNotEchoed()
    {
        Assert.SkipUnless(TestDatabase.IsMariaDb, "Only a server has passwords.");
        var server = new MySql.Data.MySqlClient.MySqlConnectionStringBuilder(Environment.GetEnvironmentVariable("TEST_MARIADB")!) { Password = Password, Database = "d" };
        var error = await RefusedAsync("mariadb", server.ConnectionString);
        Assert.Contains("denied", error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task DatabaseThatWasNotMade_IsNamed()
    {
        Assert.SkipUnless(TestDatabase.IsMariaDb, "SQLite makes its file.");
        Assert.Contains("no_such_database", await RefusedAsync("mariadb", Environment.GetEnvironmentVariable("TEST_MARIADB") + ";Database=no_such_database"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mariadb", "Server=x;Pasword=hunter2-very-secret")]
    [InlineData("mariadb", "hunter2-very-secret")]
    [InlineData("sqlite", "hunter2-very-secret")]
    [InlineData("sqlite", "Data Source=/dev/null/x.db")]
    [InlineData("postgres", "Host=x")]
    [InlineData("mariadb", "")]
    public Task SettingsThatCannotBe_StopTheStart(string database, string connection) => RefusedAsync(database, connection);

    [Fact]
    public async Task FileThatIsNoDatabase_StopsTheStart()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, new string('x', 10_000), TestContext.Current.CancellationToken);
            await RefusedAsync("sqlite", $"Data Source={file}");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<string> RefusedAsync(string database, string connection)
    {
        var error = await Assert.ThrowsAsync<StartupException>(() => TestService.StartAsync(
            Shop.Describe,
            configuration => configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["DATABASE"] = database, ["DATABASE_CONNECTION"] = connection })));
        Assert.DoesNotContain("hunter2", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Message);
        return error.Message;
    }
}
