namespace Microservices.Central.Tests.OAuth;

/// <summary>Two processes of the site on one database: one login flow goes through both, and what is good once is good once in both together.</summary>
public sealed class TwoProcessesTests : IAsyncLifetime
{
    private readonly SiteStorage _storage = new();
    private TestSite _one = null!;
    private TestSite _other = null!;

    public async ValueTask InitializeAsync()
    {
        _one = await _storage.StartAsync(new SiteOptions { Seed = TestSeed.Of("alice", "bob") });
        _other = await _storage.StartAsync(new SiteOptions { Seed = TestSeed.Of("alice", "bob") });
    }

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
        await _storage.DisposeAsync();
    }

    [Fact]
    public async Task EveryStepOfALogin_MayBeAnsweredByAnotherProcess()
    {
        var browser = new Browser(_one);
        var flow = new CodeFlow(_one);
        var start = await browser.GetAsync(flow.Address());
        browser = browser.At(_other);
        var login = await browser.GetAsync(start.Header("Location"));
        browser = browser.At(_one);
        var back = await browser.SubmitAsync(login, ("usr", "alice"), ("pwd", TestSeed.PasswordOf("alice")));
        browser = browser.At(_other);
        var consent = await browser.GetAsync(back.Header("Location"));
        browser = browser.At(_one);
        var answer = await browser.SubmitAsync(consent, ("decision", "allow"));

        var tokens = await At(_other, flow).ExchangeAsync(CodeFlow.Parameter(answer, "code"));
        Assert.True(tokens.Status == HttpStatusCode.OK, tokens.Text);
        var refreshed = await flow.RefreshAsync(tokens.Json.GetProperty("refresh_token").GetString()!);
        Assert.Equal(HttpStatusCode.OK, refreshed.Status);
        var access = refreshed.Json.GetProperty("access_token").GetString()!;
        Assert.Equal(HttpStatusCode.OK, (await _other.GetAsync("/oauth/userinfo", Credentials.Bearer(access))).Status);

        await browser.SubmitAsync(await browser.GetAsync("/logout"));
        Assert.StartsWith("/login", (await browser.At(_other).GetAsync("/account")).Header("Location"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CodeAtBothAtOnce_HasOneWinnerAtMost()
    {
        var browser = new Browser(_one);
        await browser.LoginAsync("alice");
        var flow = new CodeFlow(_one);
        var code = await flow.CodeAsync(browser);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => (i % 2 == 0 ? flow : At(_other, flow)).ExchangeAsync(code)));

        Assert.InRange(answers.Count(answer => answer.Status == HttpStatusCode.OK), 0, 1);
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.OK), answer => Assert.Equal("invalid_grant", answer.Error));
    }

    [Fact]
    public async Task RefreshTokenAtBothAtOnce_HasOneWinnerAtMost_AndTheFamilyEndsInBoth()
    {
        var flow = new CodeFlow(_one);
        var token = (await flow.TokensAsync("alice")).Json.GetProperty("refresh_token").GetString()!;

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => (i % 2 == 0 ? flow : At(_other, flow)).RefreshAsync(token)));

        var winners = answers.Where(answer => answer.Status == HttpStatusCode.OK).ToList();
        Assert.InRange(winners.Count, 0, 1);
        foreach (var winner in winners)
        {
            Assert.Equal("invalid_grant", (await At(_other, flow).RefreshAsync(winner.Json.GetProperty("refresh_token").GetString()!)).Error);
        }
    }

    [Fact]
    public async Task BothPublishTheSameKeys()
    {
        Assert.Equal((await _one.GetAsync("/oauth/jwks")).Text, (await _other.GetAsync("/oauth/jwks")).Text);
    }

    private static CodeFlow At(TestSite site, CodeFlow flow) => new(site) { Verifier = flow.Verifier };
}
