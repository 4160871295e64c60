using Microservices.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microservices.Central.Tests;

/// <summary>A service of the framework, which knows the central site by address only, takes what the central site gives.</summary>
public sealed class ServiceTests : IAsyncLifetime
{
    private readonly SiteStorage _storage = new();
    private readonly SiteStorage _ofService = new();
    private TestSite _site = null!;
    private WebApplication _service = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        _site = await _storage.StartAsync(new SiteOptions { Seed = TestSeed.Of("bob", "carol") });
        var app = Microservice.Create(
            "orders",
            [
                "--PORT=0", $"--DATA_DIRECTORY={_ofService.Folder}", $"--CENTRAL_SITE_URL={_site.Address}", "--CENTRAL_SITE_ISSUER=https://site.example", "--SERVICE_AUDIENCE=orders",
                "--CENTRAL_SITE_CLIENT_ID=orders", $"--CENTRAL_SITE_CLIENT_SECRET={TestSeed.SecretOf("orders")}", "--AUTH_CACHE_S=0", "--AUTH_NEGATIVE_CACHE_S=0",
            ]);
        app.Services.AddLogging(logging => logging.ClearProviders());
        app.SecureRoute("GET", "/tenant", (Tenant tenant, CurrentUser user) => $"{tenant.Id}/{user.Name}/{string.Join('+', user.Roles.Order(StringComparer.Ordinal))}");
        app.SecureRoute("POST", "/change", () => "changed");
        _service = app.Build();
        await _service.StartAsync(TestContext.Current.CancellationToken);
        _http = new HttpClient(new SocketsHttpHandler { UseCookies = false, UseProxy = false }) { BaseAddress = new Uri(_service.Urls.Single()) };
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!(await _http.GetAsync("/readyz", limit.Token)).IsSuccessStatusCode)
        {
            await Task.Delay(20, limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _service.DisposeAsync();
        await _site.DisposeAsync();
        await _storage.DisposeAsync();
        await _ofService.DisposeAsync();
    }

    [Fact]
    public async Task TokensSessionsAndKeys_SpeakForTheirTenant()
    {
        Assert.Equal((200, "acme/acme-app/All+Guest+Sales User"), await AskAsync(Credentials.Bearer(await _site.TokenAsync("acme-app"))));
        Assert.Equal((200, "acme/narrow-app/All+Guest"), await AskAsync(Credentials.Bearer(await _site.TokenAsync("narrow-app"))));
        Assert.Equal((200, "globex/carol/All+Guest+System Manager"), await AskAsync(Credentials.Sid(await _site.LoginAsync("carol"))));
        Assert.Equal((200, "acme/bob/All+Guest+Sales User"), await AskAsync(Credentials.Key(TestSeed.PairOf("bob-key"))));
    }

    [Fact]
    public async Task TokensForOthers_AndWhatIsNotActive_Return401()
    {
        Assert.Equal(401, (await AskAsync(Credentials.Bearer(await _site.TokenAsync("narrow-app", "&resource=billing")))).Status);
        Assert.Equal(401, (await AskAsync(Credentials.Bearer(await _site.TokenAsync("signup")))).Status);
        Assert.Equal(401, (await AskAsync(Credentials.Key("bob-key:wrong"))).Status);
        Assert.Equal(401, (await AskAsync(Credentials.Sid(new string('0', 64)))).Status);
        Assert.Equal(401, (await AskAsync()).Status);
        Assert.Equal(401, (await AskAsync(("Authorization", "Basic !!!"))).Status);
    }

    [Fact]
    public async Task LoggedOutSession_IsRefusedByTheService()
    {
        var sid = await _site.LoginAsync("carol");
        Assert.Equal(200, (await AskAsync(Credentials.Sid(sid))).Status);

        await _site.PostFormAsync("/api/method/logout", "", Credentials.Sid(sid));

        Assert.Equal(401, (await AskAsync(Credentials.Sid(sid))).Status);
    }

    [Fact]
    public async Task CsrfTokenOfTheLogin_IsCheckedByTheServiceToo()
    {
        var login = await _site.TryLoginAsync("carol", TestSeed.PasswordOf("carol"));
        var (sid, token) = (Credentials.Sid(login.Cookie("sid")!), login.Json.GetProperty("csrf_token").GetString()!);

        Assert.Equal(200, (await AskAsync(HttpMethod.Post, "/change", sid, ("X-Frappe-CSRF-Token", token))).Status);
        Assert.Equal(200, (await AskAsync(HttpMethod.Post, "/change", sid)).Status);
        Assert.Equal(400, (await AskAsync(HttpMethod.Post, "/change", sid, ("X-Frappe-CSRF-Token", "wrong"))).Status);
        Assert.Equal(400, (await AskAsync(HttpMethod.Post, "/change", sid, ("Origin", "https://evil.example"))).Status);
    }

    [Fact]
    public async Task TwoSitesInOneProcess_DoNotKnowEachOther()
    {
        await using var storage = new SiteStorage();
        await using var other = await storage.StartAsync(new SiteOptions { Issuer = "https://other.example", Seed = TestSeed.Of("carol") });

        Assert.Equal(401, (await AskAsync(Credentials.Bearer(await other.TokenAsync("acme-app")))).Status);
        Assert.Equal(401, (await AskAsync(Credentials.Sid(await other.LoginAsync("carol")))).Status);
        Assert.False((await _site.IntrospectAsync("acme-app", await other.TokenAsync("acme-app"))).Json.GetProperty("active").GetBoolean());
    }

    private Task<(int Status, string Text)> AskAsync(params (string Name, string Value)[] headers) => AskAsync(HttpMethod.Get, "/tenant", headers);

    private async Task<(int Status, string Text)> AskAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Trim('"').Replace("\\u002B", "+", StringComparison.Ordinal));
    }
}
