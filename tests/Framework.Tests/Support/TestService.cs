using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microservices.Data.Dialects;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Framework.Tests.Support;

/// <summary>A whole service on loopback with a database of its own, asked over HTTP as different tenants and roles.</summary>
internal sealed class TestService : IAsyncDisposable
{
    private readonly CentralSiteServer _central;
    private readonly TestDatabase _database;
    private readonly WebApplication _application;
    private bool _isReplica;

    private TestService(CentralSiteServer central, TestDatabase database, WebApplication application)
    {
        (_central, _database, _application) = (central, database, application);
        Address = new Uri(application.Urls.Single());
    }

    public Uri Address { get; }

    public IServiceProvider Services => _application.Services;

    /// <summary>The central site that the service asks about sessions and API keys.</summary>
    public CentralSiteServer Central => _central;

    /// <summary>The service's database, to look at behind its back.</summary>
    public TestDatabase Database => _database;

    public static async Task<TestService> StartAsync(Action<Microservice> describe, Action<IConfigurationManager>? configure = null, string? environment = null)
    {
        var central = await CentralSiteServer.StartNewAsync();
        var database = await TestDatabase.CreateAsync();
        try
        {
            return await StartAsync(central, database, describe, configure, environment);
        }
        catch
        {
            await database.DisposeAsync();
            await central.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs statements on the database itself, past the framework, and returns the first column of the last one's rows.</summary>
    public async Task<List<string>> SqlAsync(string sql)
    {
        var dialect = Services.GetRequiredService<SqlDialect>();
        await using var connection = dialect.DataSource.CreateConnection();
        await connection.OpenAsync();
        await dialect.InitializeAsync(connection, CancellationToken.None);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(Convert.ToString(reader.GetValue(0), CultureInfo.InvariantCulture)!);
        }

        return rows;
    }

    /// <summary>A second service beside this one, on the same database: a replica, or the next start.</summary>
    public async Task<TestService> StartReplicaAsync(Action<Microservice> describe)
    {
        var replica = await StartAsync(_central, _database, describe, null);
        replica._isReplica = true;
        return replica;
    }

    /// <summary>A client of a tenant's user with some roles.</summary>
    public TestCaller As(string tenant, string user = "ann@example.com", params string[] roles) => With(claims =>
    {
        claims["tenant"] = tenant;
        claims["username"] = user;
        claims["roles"] = new JsonArray([.. (roles.Length > 0 ? roles : ["System Manager"]).Select(role => JsonValue.Create(role))]);
    });

    /// <summary>A client whose token is signed by the central site and says whatever the test wants.</summary>
    public TestCaller With(Action<JsonObject> claims) =>
        new(new HttpClient { BaseAddress = Address }, _central.Signer.Token(_central.Url, TimeProvider.System.GetUtcNow(), claims));

    /// <summary>A caller without credentials, who follows no redirect.</summary>
    public TestCaller Nobody() => new(new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = Address }, null);

    /// <summary>A client without credentials.</summary>
    public HttpClient Anonymous() => new() { BaseAddress = Address };

    public async Task StopAsync() => await _application.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
        if (!_isReplica)
        {
            await _database.DisposeAsync();
            await _central.DisposeAsync();
        }
    }

    private static async Task<TestService> StartAsync(
        CentralSiteServer central, TestDatabase database, Action<Microservice> describe, Action<IConfigurationManager>? configure, string? environment = null)
    {
        var service = Microservice.Create("test", environment is null ? [] : ["--environment", environment]);
        service.Configuration.AddInMemoryCollection(database.Settings);
        service.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["PORT"] = "0",
            ["CENTRAL_SITE_URL"] = central.Url,
            ["CENTRAL_SITE_CLIENT_ID"] = CentralSiteServer.ClientId,
            ["CENTRAL_SITE_CLIENT_SECRET"] = CentralSiteServer.ClientSecret,
            ["PASSWORD_KEYS_DIRECTORY"] = Path.Combine(Path.GetTempPath(), "microservices-tests", "keys"),
            ["Logging:LogLevel:Default"] = "Warning",
        });
        configure?.Invoke(service.Configuration);
        describe(service);
        var application = service.Build();
        try
        {
            await application.StartAsync();
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }

        return new TestService(central, database, application);
    }
}

/// <summary>Sends requests as one caller.</summary>
internal sealed class TestCaller
{
    public TestCaller(HttpClient http, string? token)
    {
        http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        Http = http;
    }

    public HttpClient Http { get; }

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<Answer> PostAsync(string path, object body) => SendAsync(HttpMethod.Post, path, body);

    public Task<Answer> PutAsync(string path, object body) => SendAsync(HttpMethod.Put, path, body);

    public Task<Answer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null);

    public async Task<Answer> SendAsync(HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body as HttpContent ?? (body is null ? null : JsonContent.Create(body)) };
        return await SendAsync(request);
    }

    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using var response = await Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new Answer((int)response.StatusCode, text, response.Headers) { ContentHeaders = response.Content.Headers };
    }
}

/// <summary>An answer, read whole.</summary>
internal sealed record Answer(int Status, string Text, HttpResponseHeaders Headers)
{
    public required HttpContentHeaders ContentHeaders { get; init; }

    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public JsonElement Data => Json.GetProperty("data");

    public string ErrorType => Json.GetProperty("exc_type").GetString()!;
}
