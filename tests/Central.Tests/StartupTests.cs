using Microservices.Hosting;

namespace Microservices.Central.Tests;

public sealed class StartupTests : IAsyncLifetime
{
    private const string Email = "first@site.example";
    private const string Password = "nine lanterns over the harbour";

    private readonly SiteStorage _storage = new();

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _storage.DisposeAsync();

    [Fact]
    public async Task FirstAdministrator_IsMadeOnceAndMayDoWhatThePlatformNeeds()
    {
        await using (var site = await _storage.StartAsync(Options(("CENTRAL_ADMIN_EMAIL", Email), ("CENTRAL_ADMIN_PASSWORD", Password))))
        {
            var sid = (await site.TryLoginAsync(Email, Password)).Cookie("sid")!;
            Assert.Equal(HttpStatusCode.OK, (await site.GetAsync("/api/resource/OAuth Client", Credentials.Sid(sid))).Status);
            Assert.Equal(HttpStatusCode.OK, (await site.GetAsync("/api/resource/User", Credentials.Sid(sid))).Status);
        }

        await using var again = await _storage.StartAsync(Options(("CENTRAL_ADMIN_EMAIL", "second@site.example"), ("CENTRAL_ADMIN_PASSWORD", Password + " two")));

        Assert.Equal(HttpStatusCode.Unauthorized, (await again.TryLoginAsync("second@site.example", Password + " two")).Status);
        Assert.Equal(HttpStatusCode.OK, (await again.TryLoginAsync(Email, Password)).Status);
    }

    [Fact]
    public async Task SecretsOfTheFirstAdministrator_MayComeFromAFile()
    {
        var file = Path.Combine(_storage.Folder, "password");
        await File.WriteAllTextAsync(file, Password + "\n", TestContext.Current.CancellationToken);

        await using var site = await _storage.StartAsync(Options(("CENTRAL_ADMIN_EMAIL", Email), ("CENTRAL_ADMIN_PASSWORD_FILE", file)));

        Assert.Equal(HttpStatusCode.OK, (await site.TryLoginAsync(Email, Password)).Status);
    }

    [Theory]
    [InlineData("CENTRAL_ADMIN_EMAIL", Email, "CENTRAL_ADMIN_PASSWORD is not")]
    [InlineData("CENTRAL_PLATFORM_TENANT", "Not A Tenant", "CENTRAL_PLATFORM_TENANT must be")]
    [InlineData("CENTRAL_SESSION_IDLE_TIMEOUT_S", "soon", "CENTRAL_SESSION_IDLE_TIMEOUT_S must be a whole number")]
    [InlineData("CENTRAL_ACCESS_TOKEN_LIFETIME_S", "4000", "CENTRAL_ACCESS_TOKEN_LIFETIME_S must be a whole number from 1 to 3600")]
    [InlineData("CENTRAL_KEK_FILE", "/nowhere/kek", "CENTRAL_KEK_FILE cannot be read")]
    public async Task WrongSetting_StopsTheStartWithItsName(string name, string value, string message)
    {
        var error = await Assert.ThrowsAsync<StartupException>(() => _storage.StartAsync(Options((name, value))));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WeakPasswordOfTheFirstAdministrator_StopsTheStartWithoutTellingIt()
    {
        var error = await Assert.ThrowsAsync<StartupException>(() => _storage.StartAsync(Options(("CENTRAL_ADMIN_EMAIL", Email), ("CENTRAL_ADMIN_PASSWORD", "hunter2"))));

        Assert.Contains("at least 15 characters", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProductionWithoutAnAdministrator_SaysHowToMakeOne()
    {
        var options = Options(("CENTRAL_KEK", Convert.ToBase64String([.. Enumerable.Range(0, 32).Select(i => (byte)i)]))) with { Environment = "Production" };
        await using (var site = await _storage.StartAsync(options))
        {
            var warning = Assert.Single(site.Logs.Lines, line => line.Contains("no Platform Administrator", StringComparison.Ordinal));
            Assert.Contains("CENTRAL_ADMIN_EMAIL and CENTRAL_ADMIN_PASSWORD", warning, StringComparison.Ordinal);
            Assert.Contains("users create-admin", warning, StringComparison.Ordinal);
        }

        await using (await _storage.StartAsync(Options(("CENTRAL_ADMIN_EMAIL", Email), ("CENTRAL_ADMIN_PASSWORD", Password), ("CENTRAL_KEK", options.Settings["CENTRAL_KEK"]))))
        {
            // Only makes the administrator.
        }

        await using var again = await _storage.StartAsync(options);
        Assert.DoesNotContain(again.Logs.Lines, line => line.Contains("no Platform Administrator", StringComparison.Ordinal));
    }

    [Fact]
    public async Task HttpOnThisMachine_GetsCookiesWithoutSecure()
    {
        await using var site = await _storage.StartAsync(new SiteOptions { Issuer = "http://127.0.0.1:8080", Seed = TestSeed.Of("alice") });

        var answer = await site.TryLoginAsync("alice", TestSeed.PasswordOf("alice"));

        Assert.DoesNotContain("secure", answer.CookieLine("sid"), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Readiness_KnowsItsOwnKeys()
    {
        await using var site = await _storage.StartAsync(Options());

        Assert.Equal(HttpStatusCode.OK, (await site.GetAsync("/readyz")).Status);
    }

    private static SiteOptions Options(params (string Name, string Value)[] settings) =>
        new() { Seed = null, Settings = settings.ToDictionary(setting => setting.Name, setting => setting.Value) };
}
