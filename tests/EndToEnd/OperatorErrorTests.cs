using System.Net;
using System.Net.Sockets;
using Microservices.EndToEnd.Support;

namespace Microservices.EndToEnd;

/// <summary>Whoever starts the product wrongly reads one line that says so.</summary>
public sealed class OperatorErrorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("e2e-").FullName;

    private string Data => Path.Combine(_folder, "data");

    [Fact]
    public async Task PortInUse_IsNamed()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        Assert.Contains($"{port}", await RefusalAsync("--data", Data, "--port", $"{port}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("70000")]
    [InlineData("http")]
    public async Task PortThatIsNone_IsNamed(string port) =>
        Assert.Contains("--port", await RefusalAsync("--data", Data, "--port", port), StringComparison.Ordinal);

    [Fact]
    public async Task FileInPlaceOfTheDataFolder_IsNamed()
    {
        File.WriteAllText(Data, "");

        Assert.Contains(Data, await RefusalAsync("--data", Data), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FileAboveTheDataFolder_IsNamed()
    {
        File.WriteAllText(Data, "");

        Assert.Contains(Data, await RefusalAsync("--data", Path.Combine(Data, "below")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DatabaseFileThatIsNone_IsRefused()
    {
        Directory.CreateDirectory(Data);
        File.WriteAllText(Path.Combine(Data, "central.db"), new string('x', 5000));

        await RefusalAsync("--data", Data);
    }

    [Theory]
    [InlineData("{\"tenants\": [")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"clients\": {}}")]
    [InlineData("{\"tenants\": {}}")]
    [InlineData("{\"users\": [5]}")]
    [InlineData("{\"users\": [{\"username\": \"x@example.org\", \"password\": 5}]}")]
    [InlineData("{\"users\": [{\"username\": \"x@example.org\", \"tenant\": \"acme\"}]}")]
    [InlineData("{\"tenants\": [{\"id\": \"Not A Tenant\"}]}")]
    [InlineData("{\"clients\": [{\"client_id\": \"x\", \"client_secret\": \"hush hush\", \"tenant\": \"Not A Tenant\"}]}")]
    public async Task BrokenSeed_IsNamed(string seed)
    {
        var file = Path.Combine(_folder, "seed-of-mine.json");
        File.WriteAllText(file, seed);

        var refusal = await RefusalAsync("--data", Data, "--seed", file);

        Assert.Contains("seed-of-mine.json", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MissingSeed_IsNamed() =>
        Assert.Contains("nowhere.json", await RefusalAsync("--data", Data, "--seed", Path.Combine(_folder, "nowhere.json")), StringComparison.Ordinal);

    [Fact]
    public async Task UnreachableDatabase_IsToldWithoutThePassword() =>
        Assert.DoesNotContain("hush", await RefusalAsync("--data", Data, "--database", "mariadb", "--connection", $"Server=127.0.0.1;Port={RunningProduct.FreePort()};User ID=x;Password=hush"), StringComparison.Ordinal);

    [Fact]
    public async Task WrongPassword_IsToldWithoutThePassword()
    {
        Assert.SkipWhen(ProductDatabases.Server is null, "There is no MariaDB in this run.");
        var connection = new MySql.Data.MySqlClient.MySqlConnectionStringBuilder(ProductDatabases.Server) { Password = "hush" }.ConnectionString;

        Assert.DoesNotContain("hush", await RefusalAsync("--data", Data, "--database", "mariadb", "--connection", connection), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Server=127.0.0.1;Pasword=hush")]
    [InlineData("Server=127.0.0.1;Port=hush")]
    [InlineData("hush")]
    [InlineData("Server=127.0.0.1;Password=\"hush")]
    public async Task ConnectionStringThatIsNone_IsNotEchoed(string connection)
    {
        var refusal = await RefusalAsync("--data", Data, "--database", "mariadb", "--connection", connection);

        Assert.Contains("--connection", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MariaDbWithoutAConnection_IsTold() =>
        Assert.Contains("--connection", await RefusalAsync("--data", Data, "--database", "mariadb"), StringComparison.Ordinal);

    [Theory]
    [InlineData("--database", "oracle")]
    [InlineData("--no-such-option")]
    [InlineData("word")]
    public async Task UnknownOption_IsNamed(params string[] arguments) =>
        Assert.Contains(arguments[^1], await RefusalAsync(["--data", Data, .. arguments]), StringComparison.Ordinal);

    [Fact]
    public async Task Help_NamesEveryOption()
    {
        using var run = ProgramRun.Start("Local", ["--help"]);

        Assert.Equal(0, await run.WaitForEndAsync());
        Assert.Empty(run.Errors);
        Assert.All((string[])["--port", "--data", "--seed", "--database", "--connection"], option => Assert.Contains(option, run.Said, StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Starts the product, which must end with an error; returns the one line that says why.</summary>
    private static async Task<string> RefusalAsync(params string[] arguments)
    {
        string[] port = arguments.Contains("--port") ? [] : ["--port", $"{RunningProduct.FreePort()}"];
        using var run = ProgramRun.Start("Local", [.. port, .. arguments]);

        Assert.NotEqual(0, await run.WaitForEndAsync());
        Assert.DoesNotContain("   at ", run.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("READY", run.Said, StringComparison.Ordinal);
        return Assert.Single(run.Errors);
    }
}
