namespace Microservices.Central.Tests;

public sealed class ApiKeyTests : IAsyncLifetime
{
    private const string Generate = "/api/method/frappe.core.doctype.user.user.generate_keys";
    private const string Revoke = "/api/method/central.api_keys.revoke";

    private readonly SiteStorage _storage = new();
    private readonly ManualTimeProvider _clock = new();
    private TestSite _site = null!;

    public async ValueTask InitializeAsync() => _site = await _storage.StartAsync(new SiteOptions { Clock = _clock, Seed = TestSeed.Of("bob", "carol", "root") });

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        await _storage.DisposeAsync();
    }

    [Fact]
    public async Task NewKey_ActsForItsUserUntilItIsRevoked()
    {
        var sid = await _site.LoginAsync("bob");

        var made = (await _site.PostFormAsync(Generate, "", Credentials.Sid(sid))).Json.GetProperty("message");
        var (key, secret) = (made.GetProperty("api_key").GetString()!, made.GetProperty("api_secret").GetString()!);

        Assert.Equal(43, secret.Length);
        Assert.Equal("""{"message":"bob"}""", (await LoggedUserAsync($"{key}:{secret}")).Text);
        Assert.Equal(HttpStatusCode.Unauthorized, (await LoggedUserAsync($"{key}:{secret}x")).Status);

        Assert.Equal(HttpStatusCode.NotFound, (await _site.PostJsonAsync(Revoke, new { api_key = key }, Credentials.Sid(await _site.LoginAsync("carol")))).Status);
        Assert.Equal(HttpStatusCode.OK, (await LoggedUserAsync($"{key}:{secret}")).Status);

        Assert.Equal(HttpStatusCode.OK, (await _site.PostJsonAsync(Revoke, new { api_key = key }, Credentials.Sid(sid))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await LoggedUserAsync($"{key}:{secret}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _site.PostJsonAsync(Revoke, new { api_key = key }, Credentials.Sid(sid))).Status);
    }

    [Fact]
    public async Task MakingAKey_TakesALoginOfTheLastTenMinutes()
    {
        var sid = await _site.LoginAsync("bob");
        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.PostFormAsync(Generate, "")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _site.PostFormAsync(Generate, "", Credentials.Key(TestSeed.PairOf("bob-key")))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _site.PostFormAsync(Generate, "user=alice", Credentials.Sid(sid))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _site.PostFormAsync(Generate, "", Credentials.Sid(sid), ("Origin", "https://evil.example"))).Status);

        _clock.Advance(TimeSpan.FromMinutes(11));

        Assert.Equal(HttpStatusCode.Forbidden, (await _site.PostFormAsync(Generate, "", Credentials.Sid(sid))).Status);
    }

    [Fact]
    public async Task Keys_AreLimitedInNumber()
    {
        var sid = await _site.LoginAsync("carol");
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await _site.PostFormAsync(Generate, "", Credentials.Sid(sid))).Status);
        }

        Assert.Equal(HttpStatusCode.ExpectationFailed, (await _site.PostFormAsync(Generate, "", Credentials.Sid(sid))).Status);
    }

    [Fact]
    public async Task ExpiryOfAKey_IsKept()
    {
        var root = await _site.LoginAsync("root");
        await _site.SendAsync(
            HttpMethod.Put, "/api/resource/API Key/bob-key", Body.Text($$"""{"expires_at":"{{_clock.GetUtcNow().AddHours(1):yyyy-MM-dd HH:mm:ss}}"}""", "application/json"), Credentials.Sid(root));
        Assert.Equal(HttpStatusCode.OK, (await LoggedUserAsync(TestSeed.PairOf("bob-key"))).Status);

        _clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(HttpStatusCode.Unauthorized, (await LoggedUserAsync(TestSeed.PairOf("bob-key"))).Status);
    }

    private Task<Answer> LoggedUserAsync(string pair) => _site.GetAsync("/api/method/frappe.auth.get_logged_user", Credentials.Key(pair));
}
