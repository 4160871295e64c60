using Central.Keys;
using Microservices.Hosting;

namespace Microservices.Central.Tests;

public sealed class SigningKeyTests : IAsyncLifetime
{
    private static readonly SiteOptions s_options = new() { Seed = TestSeed.Of("alice") };

    private readonly SiteStorage _storage = new();

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _storage.DisposeAsync();

    [Fact]
    public async Task KeysAndSessions_SurviveARestart()
    {
        string jwks, token, sid;
        await using (var first = await _storage.StartAsync(s_options))
        {
            (jwks, token, sid) = (await JwksAsync(first), await first.TokenAsync("acme-app"), await first.LoginAsync("alice"));
        }

        await using var second = await _storage.StartAsync(s_options);

        Assert.Equal(jwks, await JwksAsync(second));
        Assert.True((await second.IntrospectAsync("acme-app", token)).Json.GetProperty("active").GetBoolean());
        Assert.Equal(HttpStatusCode.OK, (await second.GetAsync("/api/method/frappe.auth.get_logged_user", Credentials.Sid(sid))).Status);
    }

    [Fact]
    public async Task TwoSitesThatStartTogetherOnOneDatabase_AreOne()
    {
        await using (await _storage.StartAsync(new SiteOptions { Seed = null, Settings = new Dictionary<string, string> { ["CENTRAL_PLATFORM_TENANT"] = "elsewhere" } }))
        {
            // Only makes the tables, so that the two race for the rows.
        }

        var sites = await Task.WhenAll(_storage.StartAsync(s_options), _storage.StartAsync(s_options));
        await using var a = sites[0];
        await using var b = sites[1];

        Assert.Equal(await JwksAsync(a), await JwksAsync(b));
        Assert.True((await b.IntrospectAsync("acme-app", await a.TokenAsync("acme-app"))).Json.GetProperty("active").GetBoolean());
        var sid = await a.LoginAsync("alice");
        Assert.Equal(HttpStatusCode.OK, (await b.GetAsync("/api/method/frappe.auth.get_logged_user", Credentials.Sid(sid))).Status);
        await b.PostFormAsync("/api/method/logout", "", Credentials.Sid(sid));
        Assert.Equal(HttpStatusCode.Forbidden, (await a.GetAsync("/api/method/frappe.auth.get_logged_user", Credentials.Sid(sid))).Status);
    }

    [Fact]
    public async Task KeyFile_IsItsOwnersAlone()
    {
        await using var site = await _storage.StartAsync(new SiteOptions { Seed = null });

        var file = Path.Combine(_storage.Folder, "central.kek");
        Assert.Equal(32, Convert.FromBase64String(File.ReadAllText(file)).Length);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task OtherKeyEncryptionKey_StopsTheStart()
    {
        await using (await _storage.StartAsync(new SiteOptions { Seed = null }))
        {
        }

        var error = await Assert.ThrowsAsync<StartupException>(() => _storage.StartAsync(new SiteOptions { Seed = null, Settings = Kek(new byte[32]) }));

        Assert.Contains("CENTRAL_KEK", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Production_NeedsAKeyEncryptionKey()
    {
        var options = new SiteOptions { Seed = null, Environment = "Production" };

        var error = await Assert.ThrowsAsync<StartupException>(() => _storage.StartAsync(options));
        Assert.StartsWith("CENTRAL_KEK is missing", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_storage.Folder, "central.kek")));

        await using var site = await _storage.StartAsync(options with { Settings = Kek(new byte[32]) });
        Assert.NotEmpty(await JwksAsync(site));
    }

    [Theory]
    [InlineData("short")]
    [InlineData("AAAA")]
    public async Task MalformedKeyEncryptionKey_StopsTheStart(string kek)
    {
        var error = await Assert.ThrowsAsync<StartupException>(() => _storage.StartAsync(new SiteOptions { Seed = null, Settings = new Dictionary<string, string> { ["CENTRAL_KEK"] = kek } }));

        Assert.Equal("CENTRAL_KEK must hold 32 bytes as base64.", error.Message);
    }

    [Fact]
    public async Task Rotation_PublishesAheadThenSignsThenWithdraws()
    {
        var clock = new ManualTimeProvider();
        await using var site = await _storage.StartAsync(s_options with { Clock = clock });
        var first = Assert.Single(await KidsAsync(site));

        await AdvanceAsync(site, clock, TimeSpan.FromDays(89) - TimeSpan.FromMinutes(2));
        Assert.Single(await KidsAsync(site));

        await AdvanceAsync(site, clock, TimeSpan.FromMinutes(4));
        var both = await KidsAsync(site);
        Assert.Equal(2, both.Count);
        Assert.Equal(first, KidOf(await site.TokenAsync("acme-app")));

        await AdvanceAsync(site, clock, TimeSpan.FromHours(24));
        var token = await site.TokenAsync("acme-app");
        Assert.Equal(both.Single(kid => kid != first), KidOf(token));
        Assert.Equal(2, (await KidsAsync(site)).Count);

        await AdvanceAsync(site, clock, TimeSpan.FromMinutes(71));
        Assert.DoesNotContain(first, await KidsAsync(site));
        Assert.True((await site.IntrospectAsync("acme-app", await site.TokenAsync("acme-app"))).Json.GetProperty("active").GetBoolean());
    }

    [Fact]
    public void Schedule_OfALongSleep_StillPublishesADayAhead()
    {
        var start = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        ScheduledKey[] keys = [new(1, start, PrivateSigningKey.Create().Key)];

        Assert.Null(RotationSchedule.NextSignsFrom(keys, start.AddDays(88)));
        Assert.Equal(start.AddDays(90), RotationSchedule.NextSignsFrom(keys, start.AddDays(89)));
        Assert.Equal(start.AddDays(201), RotationSchedule.NextSignsFrom(keys, start.AddDays(200)));
        Assert.Equal(1, RotationSchedule.Signing(keys, start.AddDays(-1)).Number);
    }

    private static Dictionary<string, string> Kek(byte[] key) => new() { ["CENTRAL_KEK"] = Convert.ToBase64String(key) };

    /// <summary>Moves the clock on and does what the site does every minute, so that the test need not wait for its timer.</summary>
    private static async Task AdvanceAsync(TestSite site, ManualTimeProvider clock, TimeSpan by)
    {
        clock.Advance(by);
        await ((KeyRing)site.Services.GetService(typeof(KeyRing))!).RefreshAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<string> JwksAsync(TestSite site) => (await site.GetAsync("/oauth/jwks")).Text;

    private static async Task<List<string>> KidsAsync(TestSite site) =>
        [.. (await site.GetAsync("/oauth/jwks")).Json.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString()!)];

    private static string KidOf(string token) =>
        JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.AsSpan(0, token.IndexOf('.', StringComparison.Ordinal)))).RootElement.GetProperty("kid").GetString()!;
}
