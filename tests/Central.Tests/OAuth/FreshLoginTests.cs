namespace Microservices.Central.Tests.OAuth;

/// <summary>The mark that says since when a client waits for a fresh login: good for its own request, and for a few minutes.</summary>
public sealed class FreshLoginTests(SessionTests.ClockFixture fixture) : IClassFixture<SessionTests.ClockFixture>
{
    private readonly TestSite _site = fixture.Site;

    [Fact]
    public async Task MarkOfALoginThatWasMade_IsWorthNothingTenMinutesLater()
    {
        var (browser, target) = await SignInForAsync(new CodeFlow(_site));
        Assert.NotEmpty(CodeFlow.Parameter(await browser.GetAsync(target), "code"));

        fixture.Clock.Advance(TimeSpan.FromMinutes(11));

        Assert.StartsWith("/login?", (await browser.GetAsync(target)).Header("Location"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task MarkOfAnotherRequest_DoesNotHelp()
    {
        var flow = new CodeFlow(_site);
        var (browser, target) = await SignInForAsync(flow);
        var mark = Uri.UnescapeDataString(target[(target.IndexOf("login_after=", StringComparison.Ordinal) + "login_after=".Length)..].Split('&')[0]);

        foreach (var other in ((string, string?)[])[("state", "other"), ("scope", "openid"), ("nonce", null), ("max_age", "1")])
        {
            Assert.StartsWith("/login?", (await browser.GetAsync(flow.Address(("prompt", "login"), ("login_after", mark), other))).Header("Location"), StringComparison.Ordinal);
        }

        Assert.NotEmpty(CodeFlow.Parameter(await browser.GetAsync(flow.Address(("prompt", "login"), ("login_after", mark))), "code"));
    }

    /// <summary>Has a user who agreed before sign in for a request that asks for it. Returns where the login leads.</summary>
    private async Task<(Browser Browser, string Target)> SignInForAsync(CodeFlow flow)
    {
        var browser = new Browser(_site);
        await browser.LoginAsync("alice");
        await flow.AuthorizeAsync(browser);
        fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        var asked = await browser.GetAsync(flow.Address(("prompt", "login")));
        var back = await browser.SubmitAsync(await browser.GetAsync(asked.Header("Location")), ("usr", "alice"), ("pwd", TestSeed.PasswordOf("alice")));
        return (browser, back.Header("Location"));
    }
}
