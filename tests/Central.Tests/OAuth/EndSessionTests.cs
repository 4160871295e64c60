namespace Microservices.Central.Tests.OAuth;

/// <summary>Logging out at a client's wish.</summary>
public sealed class EndSessionTests(SessionTests.ClockFixture fixture) : IClassFixture<SessionTests.ClockFixture>
{
    private const string Bye = "https://app.example/bye";

    private readonly TestSite _site = fixture.Site;

    [Fact]
    public async Task HintOfThisUser_LogsOutAtOnce_AndLeadsBackWithState()
    {
        var (browser, idToken) = await SignedInAsync("alice");
        var sid = browser.Sid;
        fixture.Clock.Advance(TimeSpan.FromHours(2)); // the ID token has expired, which does not matter here

        var answer = await browser.GetAsync($"/oauth/logout?id_token_hint={idToken}&post_logout_redirect_uri={Uri.EscapeDataString(Bye)}&state=x%26y");

        Assert.Equal($"{Bye}?state=x%26y", answer.Header("Location"));
        Assert.Equal(HttpStatusCode.Forbidden, (await _site.GetAsync("/api/method/frappe.auth.get_logged_user", Credentials.Sid(sid))).Status);
        Assert.Equal("", browser.Sid);
    }

    [Theory]
    [InlineData("")]
    [InlineData("id_token_hint=garbage")]
    [InlineData("id_token_hint=eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1LWFsaWNlIn0.")]
    [InlineData("client_id=web")]
    public async Task WithoutAGoodHint_TheUserIsAsked(string query)
    {
        var (browser, _) = await SignedInAsync("alice");

        var page = await browser.GetAsync("/oauth/logout?" + query);

        Assert.Contains("Do you want to sign out", page.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await WhoAsync(browser)).Status);
        await browser.SubmitAsync(page);
        Assert.Equal("", browser.Sid);
    }

    [Fact]
    public async Task HintOfAnotherUser_IsAsked_AndTheAnswerLeadsBack()
    {
        var (_, foreign) = await SignedInAsync("bob");
        var (browser, _) = await SignedInAsync("alice");

        var page = await browser.PostAsync("/oauth/logout", [("id_token_hint", foreign), ("post_logout_redirect_uri", Bye)], ("Origin", "https://app.example"));

        Assert.Equal(HttpStatusCode.OK, (await WhoAsync(browser)).Status);
        Assert.Equal(Bye, (await browser.SubmitAsync(page)).Header("Location"));
    }

    [Fact]
    public async Task AccessTokenOrAForgedOne_IsNoHint()
    {
        var tokens = await new CodeFlow(_site).TokensAsync("alice");
        var (browser, idToken) = await SignedInAsync("alice");

        foreach (var hint in (string[])[tokens.Json.GetProperty("access_token").GetString()!, idToken[..^4] + "AAAA"])
        {
            Assert.Contains("Do you want to sign out", (await browser.GetAsync("/oauth/logout?id_token_hint=" + hint)).Text, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.OK, (await WhoAsync(browser)).Status);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("https://app.example/bye/")]
    [InlineData("https://app.example/bye?x=1")]
    [InlineData("https://app.example/callback")]
    [InlineData("//evil.example")]
    public async Task UnregisteredAddress_IsAnErrorPage_AndTheUserStays(string address)
    {
        var (browser, idToken) = await SignedInAsync("alice");

        var answer = await browser.GetAsync($"/oauth/logout?id_token_hint={idToken}&post_logout_redirect_uri={Uri.EscapeDataString(address)}");

        Assert.Equal((HttpStatusCode.BadRequest, ""), (answer.Status, answer.Header("Location")));
        Assert.Equal(HttpStatusCode.OK, (await WhoAsync(browser)).Status);
    }

    [Fact]
    public async Task HintOfAnotherClientThanNamed_IsRefused()
    {
        var (browser, idToken) = await SignedInAsync("alice");

        Assert.Equal(HttpStatusCode.BadRequest, (await browser.GetAsync($"/oauth/logout?id_token_hint={idToken}&client_id=other")).Status);
        Assert.Equal(HttpStatusCode.OK, (await WhoAsync(browser)).Status);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("")]
    public async Task TargetOfTheLogoutPage_IsTheSitesOwnWord(string target)
    {
        var (browser, _) = await SignedInAsync("alice");

        var answer = await browser.SubmitAsync(await browser.GetAsync("/logout"), ("target", target));

        Assert.Equal("/login", answer.Header("Location"));
    }

    private async Task<(Browser Browser, string IdToken)> SignedInAsync(string user)
    {
        var browser = new Browser(_site);
        await browser.LoginAsync(user);
        var flow = new CodeFlow(_site);
        return (browser, (await flow.ExchangeAsync(await flow.CodeAsync(browser))).Json.GetProperty("id_token").GetString()!);
    }

    private Task<Answer> WhoAsync(Browser browser) => _site.GetAsync("/api/method/frappe.auth.get_logged_user", Credentials.Sid(browser.Sid));
}
