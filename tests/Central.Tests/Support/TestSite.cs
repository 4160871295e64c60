using System.Text.Json.Nodes;
using Central;
using Central.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microservices.Central.Tests.Support;

/// <summary>What a site under test is started with.</summary>
public sealed record SiteOptions
{
    /// <summary>Its public address. The default is one that nothing listens on: nothing may depend on it but texts.</summary>
    public string Issuer { get; init; } = "https://site.example";

    public string Environment { get; init; } = "Development";

    /// <summary>The seed, or null for none.</summary>
    public JsonObject? Seed { get; init; } = TestSeed.Create();

    /// <summary>A seed as it stands in its file, instead of <see cref="Seed"/>.</summary>
    public string? RawSeed { get; init; }

    public TimeProvider? Clock { get; init; }

    /// <summary>Rounds for passwords. The site's own number takes a tenth of a second each, which only tests of hashing itself need.</summary>
    public int PasswordIterations { get; init; } = TestSeed.PasswordIterations;

    /// <summary>What hashes passwords, instead of the platform's own.</summary>
    public IPasswordHasher<object>? PasswordHasher { get; init; }

    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}

/// <summary>A database and a data folder, on which one or several sites run.</summary>
public sealed class SiteStorage : IAsyncDisposable
{
    private TestDatabase? _database;

    /// <summary>Where the key file and seeds are.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("central-tests-").FullName;

    /// <summary>Starts a site here.</summary>
    public async Task<TestSite> StartAsync(SiteOptions? options = null)
    {
        _database ??= await TestDatabase.CreateAsync();
        options ??= new SiteOptions();
        var logs = new LogCollector();
        var application = Describe(options, logs).Build();
        try
        {
            await application.StartAsync(TestContext.Current.CancellationToken);
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }

        return new TestSite(application, logs, options.Issuer);
    }

    /// <summary>Closes the site's connections at the database server; MariaDB only.</summary>
    public Task LoseConnectionsAsync() => _database!.LoseConnectionsAsync();

    /// <summary>The first column of a query's rows, as text: for looking behind the site's back.</summary>
    public async Task<List<string>> SqlAsync(string sql)
    {
        await using var connection = await _database!.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            rows.Add(Convert.ToString(reader.GetValue(0), System.Globalization.CultureInfo.InvariantCulture)!);
        }

        return rows;
    }

    /// <summary>The settings of the database.</summary>
    public IReadOnlyDictionary<string, string?> DatabaseSettings => _database!.Settings;

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>The settings of a site here, as arguments; also those of a command beside it.</summary>
    public async Task<string[]> ArgumentsAsync(SiteOptions options)
    {
        _database ??= await TestDatabase.CreateAsync();
        return Arguments(options);
    }

    private string[] Arguments(SiteOptions options)
    {
        var settings = new Dictionary<string, string?>(_database!.Settings)
        {
            ["environment"] = options.Environment,
            ["PORT"] = "0",
            ["DATA_DIRECTORY"] = Folder,
            ["CENTRAL_SITE_ISSUER"] = options.Issuer,
            ["Logging:LogLevel:Default"] = "Debug",
        };
        if ((options.RawSeed ?? options.Seed?.ToJsonString()) is { } seed)
        {
            var file = Path.Combine(Folder, $"seed-{Guid.NewGuid():N}.json");
            File.WriteAllText(file, seed);
            settings["CENTRAL_SEED"] = file;
        }

        foreach (var (name, value) in options.Settings)
        {
            settings[name] = value;
        }

        return [.. settings.Select(setting => $"--{setting.Key}={setting.Value}")];
    }

    private Microservice Describe(SiteOptions options, LogCollector logs)
    {
        var app = CentralSite.Create(Arguments(options));
        app.Services.AddLogging(logging => logging.ClearProviders());
        app.Services.AddSingleton<ILoggerProvider>(logs);
        app.Services.AddSingleton(_ => options.PasswordHasher is { } hasher ? new PasswordHashing(hasher) : new PasswordHashing(options.PasswordIterations));
        if (options.Clock is { } clock)
        {
            app.Services.AddSingleton(clock);
        }

        return app;
    }
}

/// <summary>A running site, asked over HTTP. Cookies are sent and read by hand, so that a test sees every one.</summary>
public sealed class TestSite : IAsyncDisposable
{
    private readonly WebApplication _application;

    internal TestSite(WebApplication application, LogCollector logs, string issuer)
    {
        _application = application;
        (Logs, Issuer) = (logs, issuer);
        Address = new Uri(application.Urls.Single());
        Http = new HttpClient(new SocketsHttpHandler { UseCookies = false, UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = Address };
    }

    public string Issuer { get; }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public LogCollector Logs { get; }

    public IServiceProvider Services => _application.Services;

    /// <summary>Sends a request whose headers are taken as they are.</summary>
    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new Answer(
            response.StatusCode,
            text,
            response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join("\n", header.Value), StringComparer.OrdinalIgnoreCase));
    }

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, null, headers);

    public Task<Answer> PostFormAsync(string path, string form, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Post, path, Body.Form(form), headers);

    public Task<Answer> PostJsonAsync(string path, object body, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, Body.Text(JsonSerializer.Serialize(body), "application/json"), headers);

    /// <summary>Asks for a token with client credentials.</summary>
    public Task<Answer> AskForTokenAsync(string client, string more = "") =>
        PostFormAsync("/oauth/token", "grant_type=client_credentials" + more, Credentials.Basic(client, TestSeed.SecretOf(client)));

    /// <summary>A token of a client.</summary>
    public async Task<string> TokenAsync(string client, string more = "")
    {
        var answer = await AskForTokenAsync(client, more);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer.Json.GetProperty("access_token").GetString()!;
    }

    public Task<Answer> IntrospectAsync(string client, string token, string? hint = null) =>
        PostFormAsync("/oauth/introspect", $"token={Uri.EscapeDataString(token)}{(hint is null ? "" : "&token_type_hint=" + hint)}", Credentials.Basic(client, TestSeed.SecretOf(client)));

    public Task<Answer> TryLoginAsync(string user, string password, params (string Name, string Value)[] headers) =>
        PostFormAsync("/api/method/login", $"usr={Uri.EscapeDataString(user)}&pwd={Uri.EscapeDataString(password)}", headers);

    /// <summary>Signs a user of the seed in and returns the <c>sid</c>.</summary>
    public async Task<string> LoginAsync(string user)
    {
        var answer = await TryLoginAsync(user, TestSeed.PasswordOf(user));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer.Cookie("sid")!;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _application.StopAsync();
        await _application.DisposeAsync();
    }
}

/// <summary>An answer, read whole.</summary>
public sealed record Answer(HttpStatusCode Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public string Error => Json.GetProperty("error").GetString()!;

    public string ErrorType => Json.GetProperty("exc_type").GetString()!;

    public string Header(string name) => Headers.GetValueOrDefault(name, "");

    /// <summary>The value of a cookie that the answer sets; empty when it deletes it, null when it leaves it alone.</summary>
    public string? Cookie(string name) => CookieLine(name)?.Split(';')[0][(name.Length + 1)..];

    public string? CookieLine(string name) => Header("Set-Cookie").Split('\n').FirstOrDefault(line => line.StartsWith(name + "=", StringComparison.Ordinal));
}
