namespace Microservices.Central.Tests.OAuth;

/// <summary>Asking the user: when, what is said, and that nobody else answers.</summary>
public sealed class ConsentTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    private readonly TestSite _site = fixture.Site;
    private readonly CodeFlow _flow = new(fixture.Site);

    [Fact]
    public async Task Page_NamesClientUserTenantAndScopes()
    {
        var (_, page) = await AskAsync("alice", new CodeFlow(_site, "spa", "https://spa.example/cb"));

        Assert.All(
            (string[])["spa", "alice", "acme", "orders", "Up to 30 days", "spa.example", "See your e-mail address", ">Allow<", ">Deny<"],
            text => Assert.Contains(text, page.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Consent_IsRemembered_ForThisClientScopeAndResourceOnly()
    {
        var browser = new Browser(_site);
        await browser.LoginAsync("bob");
        await _flow.AuthorizeAsync(browser, ("scope", "openid"));

        Assert.Equal(HttpStatusCode.SeeOther, (await browser.GetAsync(_flow.Address(("scope", "openid")))).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(_flow.Address(("scope", "openid email")))).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(_flow.Address(("scope", "openid"), ("resource", "billing")))).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(_flow.Address(("scope", "openid"), ("prompt", "consent")))).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(new CodeFlow(_site, "other", "https://other.example/cb?keep=1").Address(("scope", "openid")))).Status);
    }

    [Fact]
    public async Task Denying_IsToldToTheClient_AndNotRemembered()
    {
        var flow = new CodeFlow(_site, "native", "com.example.app:/cb");
        var (browser, page) = await AskAsync("alice", flow);

        var answer = await browser.SubmitAsync(page, ("decision", "deny"));

        Assert.StartsWith("com.example.app:/cb?error=access_denied", answer.Header("Location"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(flow.Address())).Status);
    }

    [Fact]
    public async Task FirstPartyClient_MayDoWithout()
    {
        var browser = new Browser(_site);
        await browser.LoginAsync("alice");

        Assert.NotEmpty(CodeFlow.Parameter(await browser.GetAsync(new CodeFlow(_site, "own", "https://own.example/cb").Address()), "code"));
    }

    [Theory]
    [InlineData("decision", "")]
    [InlineData("decision", "maybe")]
    [InlineData("csrf_token", "")]
    [InlineData("csrf_token", "forged")]
    public async Task WrongForm_GivesNothing(string field, string value)
    {
        var (browser, page) = await AskAsync("ada", _flow);

        var answer = await browser.SubmitAsync(page, ("decision", "allow"), (field, value));

        Assert.Equal((HttpStatusCode.BadRequest, ""), (answer.Status, answer.Header("Location")));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(_flow.Address())).Status);
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task FormFromAnotherSite_GivesNothing(string header, string value)
    {
        var (browser, page) = await AskAsync("ada", _flow);
        var fields = Browser.HiddenFields(page).Select(field => (field.Key, field.Value)).Append(("decision", "allow"));

        var answer = await browser.PostAsync("/oauth/consent", fields, (header, value));

        Assert.Equal((HttpStatusCode.BadRequest, ""), (answer.Status, answer.Header("Location")));
    }

    [Fact]
    public async Task TokenOfAnotherBrowserOrSession_IsRefused()
    {
        var (victim, page) = await AskAsync("ada", _flow);
        var (_, attackers) = await AskAsync("carol", _flow);
        var request = Browser.HiddenFields(page)["request"];

        var withAttackersToken = await victim.PostAsync("/oauth/consent", [("request", request), ("decision", "allow"), ("csrf_token", Browser.HiddenFields(attackers)["csrf_token"])]);
        Assert.Equal(HttpStatusCode.BadRequest, withAttackersToken.Status);

        // The victim's own token, of a session that has ended meanwhile.
        await victim.LoginAsync("bob");
        Assert.Equal(HttpStatusCode.BadRequest, (await victim.SubmitAsync(page, ("decision", "allow"))).Status);
    }

    [Fact]
    public async Task ChangedRequest_IsCheckedAnew()
    {
        var (browser, page) = await AskAsync("ada", _flow);
        var request = Browser.HiddenFields(page)["request"];

        var foreign = await browser.SubmitAsync(page, ("decision", "allow"), ("request", request.Replace("app.example", "evil.example", StringComparison.Ordinal)));
        Assert.Equal((HttpStatusCode.BadRequest, ""), (foreign.Status, foreign.Header("Location")));
        var more = await browser.SubmitAsync(page, ("decision", "allow"), ("request", request.Replace("openid", "admin", StringComparison.Ordinal)));
        Assert.Equal("invalid_scope", CodeFlow.Parameter(more, "error"));
    }

    [Fact]
    public async Task NobodySignedIn_IsLedToTheLogin()
    {
        var (browser, page) = await AskAsync("ada", _flow);
        await browser.PostAsync("/api/method/logout", []);

        var answer = await browser.SubmitAsync(page, ("decision", "allow"));

        Assert.NotEqual(HttpStatusCode.OK, answer.Status);
        Assert.DoesNotContain("code=", answer.Header("Location"), StringComparison.Ordinal);
    }

    private async Task<(Browser Browser, Answer Page)> AskAsync(string user, CodeFlow flow)
    {
        var browser = new Browser(_site);
        await browser.LoginAsync(user);
        var page = await browser.GetAsync(flow.Address(("prompt", "consent")));
        Assert.Equal(HttpStatusCode.OK, page.Status);
        return (browser, page);
    }
}
