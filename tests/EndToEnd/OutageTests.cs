using System.Text.Json;
using Microservices.EndToEnd.Support;

namespace Microservices.EndToEnd;

/// <summary>A service and a gateway as processes of their own, beside the product whose central site they use: what clients see while the service is gone.</summary>
[Collection(nameof(DemoCollection))]
public sealed class OutageTests(DemoProduct product) : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("e2e-").FullName;
    private readonly int _port = RunningProduct.FreePort();
    private readonly List<ProgramRun> _runs = [];
    private Uri _gateway = new("http://127.0.0.1");
    private string[] _database = [];

    public async ValueTask InitializeAsync()
    {
        _database = ProductDatabases.Server is null ? [] : ["--DATABASE", "mariadb", "--DATABASE_CONNECTION", await product.Databases.CreateAsync("alone")];
        var gateway = RunningProduct.FreePort();
        _gateway = new Uri($"http://127.0.0.1:{gateway}");
        _runs.Add(ProgramRun.Start("Gateway", ["--port", $"{gateway}", "--services", $"http://127.0.0.1:{_port}"]));
    }

    [Fact]
    public async Task KilledService_Returns503UntilItIsBack()
    {
        using ApiClient api = new(_gateway, "Authorization", $"Bearer {await SignIn.TokenAsync(product.Address, product.Demo("CLIENT_ID"), product.Demo("CLIENT_SECRET"))}");
        var service = StartOrders();
        await AnswersAsync(api, 200);
        (await api.PostAsync(ApiClient.Resource("Customer"), new { customer_name = "Before" })).Expect(201);

        await service.KillAsync();

        var refusal = (await api.GetAsync(ApiClient.Resource("Customer"))).Expect(503);
        Assert.True(int.Parse(refusal.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture) > 0);
        Assert.Equal("error", refusal.Json.GetProperty("status").GetString());

        StartOrders();
        await AnswersAsync(api, 200);
        Assert.Equal("Before", Assert.Single((await api.GetAsync(ApiClient.Resource("Customer"))).Expect(200).Rows).GetProperty("name").GetString());
    }

    public ValueTask DisposeAsync()
    {
        _runs.ForEach(run => run.Dispose());
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private ProgramRun StartOrders()
    {
        var secrets = JsonElement.Parse(File.ReadAllText(Path.Combine(product.DataFolder, "secrets.json")));
        string[] arguments =
        [
            "--PORT", $"{_port}", "--DATA_DIRECTORY", _folder, .. _database, "--CENTRAL_SITE_URL", $"{product.Address}".TrimEnd('/'),
            "--CENTRAL_SITE_CLIENT_ID", "orders", "--CENTRAL_SITE_CLIENT_SECRET", secrets.GetProperty("service_orders").GetString()!,
        ];
        var run = ProgramRun.Start("Orders", arguments);
        _runs.Add(run);
        return run;
    }

    private Task AnswersAsync(ApiClient api, int status) => Wait.UntilAsync(
        async () =>
        {
            try
            {
                return (int)(await api.GetAsync(ApiClient.Resource("Customer"))).Status == status;
            }
            catch (HttpRequestException)
            {
                return false; // the gateway does not listen yet
            }
        },
        () => $"It never answered {status}:\n{string.Join('\n', _runs.Select(run => run.Said))}");
}
