using System.Globalization;
using System.Text.Json.Nodes;
using Central.Clients;

namespace Microservices.Central.Tests.OAuth;

/// <summary>The device flow and its times and limits, over two sites on one database. Time stands still unless it is moved.</summary>
public sealed class DeviceFlowTimeTests : IAsyncLifetime
{
    private readonly SiteStorage _storage = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly List<TestSite> _sites = [];

    private TestSite One => _sites[0];

    private TestSite Two => _sites[1];

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        foreach (var site in _sites)
        {
            await site.DisposeAsync();
        }

        await _storage.DisposeAsync();
    }

    [Fact]
    public async Task PollingTooFast_SlowsDownMoreEachTime_WhicheverSiteIsAsked()
    {
        await StartAsync();
        var flow = await new DeviceFlow(One).StartAsync();

        Assert.Equal("authorization_pending", (await flow.PollAsync(One)).Error);
        Assert.Equal("slow_down", (await flow.PollAsync(Two)).Error); // from now on 10 s
        _clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.Equal("slow_down", (await flow.PollAsync(One)).Error); // 15 s
        _clock.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal("authorization_pending", (await flow.PollAsync(Two)).Error);
        _clock.Advance(TimeSpan.FromSeconds(14));
        Assert.Equal("slow_down", (await flow.PollAsync(Two)).Error); // 20 s, and never less again
        _clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal("authorization_pending", (await flow.PollAsync(One)).Error);
    }

    [Fact]
    public async Task Interval_IsWhatTheSettingSays()
    {
        await StartAsync(seed => seed["settings"]!["device_poll_interval_s"] = 2);
        var flow = await new DeviceFlow(One).StartAsync();

        Assert.Equal(2, flow.Codes.GetProperty("interval").GetInt32());
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("authorization_pending", (await flow.PollAsync()).Error);
            _clock.Advance(TimeSpan.FromSeconds(2));
        }
    }

    [Fact]
    public async Task CodeIsOver_TheDeviceIsToldAndNobodyCanAllowItAnyMore()
    {
        await StartAsync();
        var (flow, allowed) = (await new DeviceFlow(One).StartAsync(), await new DeviceFlow(One).StartAsync());
        var browser = await DeviceFlow.BrowserOfAsync(One, "alice");
        var page = await flow.TypeAsync(browser);
        await allowed.DecideAsync(browser);
        _clock.Advance(TimeSpan.FromSeconds(600));

        Assert.Equal(HttpStatusCode.BadRequest, (await browser.SubmitAsync(page, ("decision", "allow"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await flow.TypeAsync(browser)).Status);
        Assert.Equal("expired_token", (await flow.PollAsync()).Error);
        Assert.Equal("expired_token", (await allowed.PollAsync()).Error);
    }

    [Fact]
    public async Task Housekeeping_DeletesWhatIsOver()
    {
        await StartAsync();
        await new DeviceFlow(One).StartAsync();
        _clock.Advance(TimeSpan.FromMinutes(19));
        var kept = await CountAsync();
        _clock.Advance(TimeSpan.FromMinutes(2));

        for (var i = 0; i < 200 && await CountAsync() > 0; i++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.Equal((1, 0), (kept, await CountAsync()));
    }

    [Fact]
    public async Task ParallelPollsOverBothSites_HaveOneWinner()
    {
        await StartAsync();
        var flow = await new DeviceFlow(One).StartAsync();
        await flow.DecideAsync(await DeviceFlow.BrowserOfAsync(One, "alice"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => flow.PollAsync(_sites[i % 2])));

        var winner = Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.All(answers.Where(answer => answer != winner), answer => Assert.Equal("invalid_grant", answer.Error));
        Assert.Equal(HttpStatusCode.OK, (await Two.GetAsync("/oauth/userinfo", Credentials.Bearer(winner.Json.GetProperty("access_token").GetString()!))).Status);
    }

    [Fact]
    public async Task ParallelDecisionsOverBothSites_CountOnce()
    {
        await StartAsync();
        var flow = await new DeviceFlow(One).StartAsync();
        var (alice, bob) = (await DeviceFlow.BrowserOfAsync(One, "alice"), await DeviceFlow.BrowserOfAsync(Two, "bob"));
        var (ofAlice, ofBob) = (await flow.TypeAsync(alice), await flow.TypeAsync(bob));

        var answers = await Task.WhenAll(alice.SubmitAsync(ofAlice, ("decision", "allow")), bob.SubmitAsync(ofBob, ("decision", "deny")));

        Assert.Equal([HttpStatusCode.SeeOther, HttpStatusCode.BadRequest], answers.Select(answer => answer.Status).Order());
        Assert.Equal(answers[0].Status == HttpStatusCode.SeeOther ? HttpStatusCode.OK : HttpStatusCode.BadRequest, (await flow.PollAsync()).Status);
    }

    [Fact]
    public async Task WrongUserCodes_AreLimitedForTheSession_WhicheverSiteIsAsked()
    {
        await StartAsync(seed => seed["settings"]!["rate_limit_per_ip_per_minute"] = 100_000);
        var flow = await new DeviceFlow(One).StartAsync();
        var browser = await DeviceFlow.BrowserOfAsync(One, "alice");
        var otherSite = new Browser(Two);
        otherSite.SetCookie("sid", browser.Sid);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await browser.GetAsync("/device?user_code=BBBB-BBBB")).Status);
            Assert.Equal(HttpStatusCode.BadRequest, (await otherSite.GetAsync("/device?user_code=nonsense")).Status);
        }

        var refused = await browser.GetAsync("/device?user_code=" + flow.UserCode);
        Assert.Equal((HttpStatusCode.TooManyRequests, "60"), (refused.Status, refused.Header("Retry-After")));
        Assert.Equal(HttpStatusCode.OK, (await (await DeviceFlow.BrowserOfAsync(One, "bob")).GetAsync("/device?user_code=" + flow.UserCode)).Status);
        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/device?user_code=" + flow.UserCode)).Status);
    }

    [Fact]
    public async Task WrongUserCodes_AreLimitedForTheAddress_ByAnyForm()
    {
        await StartAsync(seed => seed["settings"]!.AsObject().Remove("rate_limit_per_ip_per_minute"));
        var flow = await new DeviceFlow(One).StartAsync();
        var page = await flow.TypeAsync(await DeviceFlow.BrowserOfAsync(One, "alice"));
        for (var i = 0; i < 10; i++)
        {
            var browser = await DeviceFlow.BrowserOfAsync(One, i % 2 == 0 ? "alice" : "bob");
            var form = await browser.GetAsync("/device");
            var guess = await browser.PostAsync(
                "/device/decision", [("csrf_token", Browser.HiddenFields(form)["csrf_token"]), ("user_code", "BBBB-BBBB"), ("decision", "allow")], ("X-Forwarded-For", $"10.0.0.{i}"));
            Assert.Equal(HttpStatusCode.BadRequest, guess.Status);
        }

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await flow.TypeAsync(await DeviceFlow.BrowserOfAsync(Two, "bob"))).Status);
    }

    [Fact]
    public async Task RightUserCodes_AreNotLimited_AndDoNotClearTheCount()
    {
        await StartAsync();
        var flow = await new DeviceFlow(One).StartAsync();
        var browser = await DeviceFlow.BrowserOfAsync(One, "alice");
        for (var i = 0; i < 12; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/device?user_code=" + flow.UserCode)).Status);
        }

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await browser.GetAsync("/device?user_code=BBBB-BBBB")).Status);
            Assert.Equal(i < 9 ? HttpStatusCode.OK : HttpStatusCode.TooManyRequests, (await browser.GetAsync("/device?user_code=" + flow.UserCode)).Status);
        }
    }

    [Fact]
    public async Task Requests_AreLimitedForTheAddress()
    {
        await StartAsync(seed => seed["settings"]!.AsObject().Remove("rate_limit_per_ip_per_minute"));
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await new DeviceFlow(_sites[i % 2]).AskAsync()).Status);
        }

        var refused = await new DeviceFlow(One, "acme-tv").AskAsync();
        Assert.Equal((HttpStatusCode.TooManyRequests, "temporarily_unavailable", "60"), (refused.Status, refused.Error, refused.Header("Retry-After")));
        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(HttpStatusCode.OK, (await new DeviceFlow(One).AskAsync()).Status);
    }

    [Fact]
    public async Task Database_HoldsNeitherCode()
    {
        await StartAsync();
        var flow = await new DeviceFlow(One).StartAsync();

        Assert.Equal([SecretStore.HashOf(flow.DeviceCode)], await _storage.SqlAsync("select name from `tabDevice Code`"));
        Assert.Equal([SecretStore.HashOf(flow.UserCode)], await _storage.SqlAsync("select user_code_hash from `tabDevice Code`"));
    }

    private async Task StartAsync(Action<JsonObject>? change = null)
    {
        var seed = TestSeed.Of("alice", "bob");
        change?.Invoke(seed);
        for (var i = 0; i < 2; i++)
        {
            _sites.Add(await _storage.StartAsync(new SiteOptions { Clock = _clock, Seed = seed }));
        }
    }

    private async Task<int> CountAsync() => int.Parse((await _storage.SqlAsync("select count(*) from `tabDevice Code`"))[0], CultureInfo.InvariantCulture);
}
