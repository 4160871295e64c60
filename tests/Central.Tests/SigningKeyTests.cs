using Central.Keys;
using Microservices.Hosting;

namespace Microservices.Central.Tests;

public sealed class SigningKeyTests : IAsyncLifetime
{
    private static readonly SiteOptions s_options = new() { Seed = TestSeed.Of("alice") };

    private static readonly byte[] s_kek = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

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

        var error = await Assert.ThrowsAsync<StartupException>(() => _storage.StartAsync(new SiteOptions { Seed = null, Settings = Kek(s_kek) }));

        Assert.Contains("CENTRAL_KEK", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Production_NeedsAKeyEncryptionKey()
    {
        var options = new SiteOptions { Seed = null, Environment = "Production" };

        var error = await Assert.ThrowsAsync<StartupException>(() => _storage.StartAsync(options));
        Assert.StartsWith("CENTRAL_KEK is missing", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_storage.Folder, "central.kek")));

        await using var site = await _storage.StartAsync(options with { Settings = Kek(s_kek) });
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
    public async Task KeyEncryptionKeyThatIsNotRandom_StopsTheStart()
    {
        var error = await Assert.ThrowsAsync<StartupException>(() => _storage.StartAsync(new SiteOptions { Seed = null, Settings = Kek(new byte[32]) }));

        Assert.StartsWith("CENTRAL_KEK is not random", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RotationByCommand_SignsWhenServicesCanKnowTheKey_AndTheOldOneGoesAfterTheLastToken()
    {
        var clock = new ManualTimeProvider();
        await using var site = await _storage.StartAsync(s_options with { Clock = clock });
        await using var other = await _storage.StartAsync(s_options with { Clock = clock });
        var first = Assert.Single(await KidsAsync(site));
        var old = await site.TokenAsync("acme-app");

        var made = (await KeysOf(site).RotateAsync(TestContext.Current.CancellationToken)).Key.Kid;

        Assert.Equal([first, made], await KidsAsync(site));
        await AdvanceAsync(other, clock, TimeSpan.FromMinutes(5));
        Assert.Equal([first, made], await KidsAsync(other));
        Assert.Equal((first, first), (KidOf(await site.TokenAsync("acme-app")), KidOf(await other.TokenAsync("acme-app"))));

        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((made, made), (KidOf(await site.TokenAsync("acme-app")), KidOf(await other.TokenAsync("acme-app"))));
        Assert.True((await other.IntrospectAsync("acme-app", old)).Json.GetProperty("active").GetBoolean());

        clock.Advance(TimeSpan.FromMinutes(70));
        Assert.Equal([made], await KidsAsync(site));
        Assert.Equal([made], await KidsAsync(other));
    }

    [Fact]
    public async Task RotationWhileTheNextKeyWaits_LeavesThatOneOut()
    {
        var clock = new ManualTimeProvider();
        await using var site = await _storage.StartAsync(s_options with { Clock = clock });
        await AdvanceAsync(site, clock, TimeSpan.FromDays(89) + TimeSpan.FromMinutes(1));
        var waiting = (await KidsAsync(site))[1];

        var made = (await KeysOf(site).RotateAsync(TestContext.Current.CancellationToken)).Key.Kid;
        clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(made, KidOf(await site.TokenAsync("acme-app")));

        clock.Advance(TimeSpan.FromMinutes(70));
        Assert.Equal([made], await KidsAsync(site));
        await AdvanceAsync(site, clock, TimeSpan.FromDays(2));
        Assert.Equal(made, KidOf(await site.TokenAsync("acme-app")));
        Assert.NotEqual(made, waiting);
    }

    [Fact]
    public async Task RotationsAtOnceInTwoProcesses_MakeTwoKeys()
    {
        await using var site = await _storage.StartAsync(s_options);
        await using var other = await _storage.StartAsync(s_options);

        var made = await Task.WhenAll(KeysOf(site).RotateAsync(TestContext.Current.CancellationToken), KeysOf(other).RotateAsync(TestContext.Current.CancellationToken));

        await AdvanceAsync(site);
        await AdvanceAsync(other);
        Assert.Equal(2, made.Select(key => key.Number).Distinct().Count());
        Assert.Equal(await JwksAsync(site), await JwksAsync(other));
        Assert.Equal(3, (await KidsAsync(site)).Count);
    }

    [Fact]
    public async Task CompromisedKey_IsWithdrawnAtOnceWithAllThatItSigned_AndAnotherSigns()
    {
        await using var site = await _storage.StartAsync(s_options);
        await using var other = await _storage.StartAsync(s_options);
        var (kid, token, sid) = (Assert.Single(await KidsAsync(site)), await site.TokenAsync("acme-app"), await site.LoginAsync("alice"));

        Assert.True(await KeysOf(site).CompromiseAsync(kid, TestContext.Current.CancellationToken));

        Assert.DoesNotContain(kid, await KidsAsync(site));
        Assert.Equal("""{"active":false}""", (await site.IntrospectAsync("acme-app", token)).Text);
        Assert.Equal(HttpStatusCode.Unauthorized, (await site.GetAsync("/api/method/auth.whoami", Credentials.Bearer(token))).Status);
        Assert.True((await site.IntrospectAsync("acme-app", await site.TokenAsync("acme-app"))).Json.GetProperty("active").GetBoolean());
        Assert.Equal(HttpStatusCode.OK, (await site.GetAsync("/api/method/frappe.auth.get_logged_user", Credentials.Sid(sid))).Status);

        await AdvanceAsync(other);
        Assert.Equal(await JwksAsync(site), await JwksAsync(other));
        Assert.Equal("""{"active":false}""", (await other.IntrospectAsync("acme-app", token)).Text);
        Assert.NotEqual(kid, KidOf(await other.TokenAsync("acme-app")));
        Assert.False(await KeysOf(other).CompromiseAsync(kid, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task CompromisedKeyThatDoesNotSign_GoesAndTheOtherGoesOn()
    {
        await using var site = await _storage.StartAsync(s_options);
        var first = Assert.Single(await KidsAsync(site));
        var next = (await KeysOf(site).RotateAsync(TestContext.Current.CancellationToken)).Key.Kid;

        Assert.True(await KeysOf(site).CompromiseAsync(next, TestContext.Current.CancellationToken));

        Assert.Equal([first], await KidsAsync(site));
        Assert.Equal(first, KidOf(await site.TokenAsync("acme-app")));
    }

    [Fact]
    public async Task KeyOfAnotherProcess_IsThereWithinTenSeconds()
    {
        var clock = new ManualTimeProvider();
        await using var site = await _storage.StartAsync(s_options with { Clock = clock });
        await using var other = await _storage.StartAsync(s_options with { Clock = clock });
        await KeysOf(site).RotateAsync(TestContext.Current.CancellationToken);
        Assert.Single(await KidsAsync(other));

        clock.Advance(TimeSpan.FromSeconds(10));

        for (var tries = 0; (await KidsAsync(other)).Count < 2; tries++)
        {
            Assert.True(tries < 1000, "The key never came.");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
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

    /// <summary>Moves the clock on and does what the site does every ten seconds, so that the test need not wait for its timer.</summary>
    private static Task AdvanceAsync(TestSite site, ManualTimeProvider clock, TimeSpan by)
    {
        // A day at a time, and what is left as it passes.
        var lastHour = TimeSpan.FromHours(1);
        while (by > lastHour)
        {
            var stride = TimeSpan.FromTicks(Math.Min(by.Ticks - lastHour.Ticks, TimeSpan.TicksPerDay));
            clock.Skip(stride);
            by -= stride;
        }

        clock.Advance(by);
        return AdvanceAsync(site);
    }

    private static Task AdvanceAsync(TestSite site) => KeysOf(site).RefreshAsync(TestContext.Current.CancellationToken);

    private static KeyRing KeysOf(TestSite site) => (KeyRing)site.Services.GetService(typeof(KeyRing))!;

    private static async Task<string> JwksAsync(TestSite site) => (await site.GetAsync("/oauth/jwks")).Text;

    private static async Task<List<string>> KidsAsync(TestSite site) =>
        [.. (await site.GetAsync("/oauth/jwks")).Json.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString()!)];

    private static string KidOf(string token) =>
        JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.AsSpan(0, token.IndexOf('.', StringComparison.Ordinal)))).RootElement.GetProperty("kid").GetString()!;
}
