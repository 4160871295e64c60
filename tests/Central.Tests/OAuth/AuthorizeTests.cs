namespace Microservices.Central.Tests.OAuth;

/// <summary>The authorization endpoint: who gets an answer, where it goes, and what it says.</summary>
public sealed class AuthorizeTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    private readonly TestSite _site = fixture.Site;

    [Theory]
    [InlineData("client_id", "nobody")]
    [InlineData("client_id", "WEB")]
    [InlineData("client_id", "")]
    [InlineData("client_id", null)]
    [InlineData("client_id", "https://evil.example/client.json")]
    [InlineData("redirect_uri", null)]
    [InlineData("redirect_uri", "")]
    [InlineData("redirect_uri", "https://evil.example/callback")]
    [InlineData("redirect_uri", "https://app.example/callback/")]
    [InlineData("redirect_uri", "https://app.example/callback?")]
    [InlineData("redirect_uri", "https://app.example/callback#")]
    [InlineData("redirect_uri", "https://app.example/Callback")]
    [InlineData("redirect_uri", "https://APP.example/callback")]
    [InlineData("redirect_uri", "https://app.example:443/callback")]
    [InlineData("redirect_uri", "https://app.example/x/../callback")]
    [InlineData("redirect_uri", "https://app.example/%63allback")]
    [InlineData("redirect_uri", "https://app.example/callback?a=b")]
    [InlineData("redirect_uri", "https://app.example@evil.example/callback")]
    [InlineData("redirect_uri", "https://app.example.evil.example/callback")]
    [InlineData("redirect_uri", "http://app.example/callback")]
    [InlineData("redirect_uri", " https://app.example/callback")]
    [InlineData("redirect_uri", "https://app.example/callback\nhttps://evil.example")]
    [InlineData("redirect_uri", "https://other.example/cb?keep=1")]
    [InlineData("redirect_uri", "javascript:alert(1)")]
    public async Task UnknownClientOrAddress_IsAnErrorPageThatLeadsNowhere(string parameter, string? value)
    {
        var answer = await new Browser(_site).GetAsync(new CodeFlow(_site).Address((parameter, value)));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.StartsWith("text/html", answer.Header("Content-Type"), StringComparison.Ordinal);
        Assert.Equal("", answer.Header("Location"));
        Assert.DoesNotContain("evil.example", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("&redirect_uri=https%3A%2F%2Fevil.example%2F")]
    [InlineData("&client_id=other")]
    [InlineData("&state=again")]
    [InlineData("&scope=openid")]
    [InlineData("&x=1&x=2")]
    [InlineData("&state=%zz")]
    [InlineData("&bad=%ff%fe")]
    [InlineData("&nul=%00")]
    public async Task RepeatedOrBrokenParameter_IsAnErrorPage(string more)
    {
        var answer = await new Browser(_site).GetAsync(new CodeFlow(_site).Address() + more);

        Assert.Equal((HttpStatusCode.BadRequest, ""), (answer.Status, answer.Header("Location")));
    }

    [Theory]
    [InlineData("response_type", null, "invalid_request")]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("response_type", "code id_token", "unsupported_response_type")]
    [InlineData("response_mode", "fragment", "invalid_request")]
    [InlineData("code_challenge", null, "invalid_request")]
    [InlineData("code_challenge", "short", "invalid_request")]
    [InlineData("code_challenge", "0123456789012345678901234567890123456789+23", "invalid_request")]
    [InlineData("code_challenge_method", null, "invalid_request")]
    [InlineData("code_challenge_method", "plain", "invalid_request")]
    [InlineData("code_challenge_method", "s256", "invalid_request")]
    [InlineData("scope", "openid admin", "invalid_scope")]
    [InlineData("scope", "all", "invalid_scope")]
    [InlineData("scope", " ", "invalid_scope")]
    [InlineData("resource", "payroll", "invalid_target")]
    [InlineData("resource", "central", "invalid_target")]
    [InlineData("prompt", "none login", "invalid_request")]
    [InlineData("prompt", "none", "login_required")]
    [InlineData("max_age", "soon", "invalid_request")]
    [InlineData("max_age", "-1", "invalid_request")]
    [InlineData("request", "eyJhbGciOiJub25lIn0.e30.", "request_not_supported")]
    [InlineData("request_uri", "https://evil.example/request", "request_uri_not_supported")]
    [InlineData("request_uri", "http://169.254.169.254/latest/meta-data/", "request_uri_not_supported")]
    [InlineData("registration", "{}", "registration_not_supported")]
    public async Task WrongRequest_GoesBackToTheClientWithStateAndIssuer(string parameter, string? value, string error)
    {
        var flow = new CodeFlow(_site);

        var answer = await new Browser(_site).GetAsync(flow.Address((parameter, value)));

        Assert.StartsWith("https://app.example/callback?error=", answer.Header("Location"), StringComparison.Ordinal);
        Assert.Equal((error, flow.State, _site.Issuer), (CodeFlow.Parameter(answer, "error"), CodeFlow.Parameter(answer, "state"), CodeFlow.Parameter(answer, "iss")));
    }

    [Fact]
    public async Task ClientWithoutTheGrant_IsRefused()
    {
        var seed = TestSeed.Of("alice");
        seed["clients"]!.AsArray().Single(client => (string?)client!["client_id"] == "web")!["grant_types"] = new System.Text.Json.Nodes.JsonArray("client_credentials");
        await using var storage = new SiteStorage();
        await using var site = await storage.StartAsync(new SiteOptions { Seed = seed });

        Assert.Equal("unauthorized_client", CodeFlow.Parameter(await new Browser(site).GetAsync(new CodeFlow(site).Address()), "error"));
    }

    [Fact]
    public async Task QueryOfARegisteredAddress_IsKept()
    {
        var browser = new Browser(_site);
        await browser.LoginAsync("alice");

        var answer = await new CodeFlow(_site, "other", "https://other.example/cb?keep=1").AuthorizeAsync(browser);

        Assert.StartsWith("https://other.example/cb?keep=1&code=", answer.Header("Location"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:54321/cb")]
    [InlineData("http://127.0.0.1/cb")]
    [InlineData("http://[::1]:9/cb")]
    [InlineData("com.example.app:/cb")]
    public async Task NativeClient_MayListenOnAnyPortOfThisMachine(string redirectUri)
    {
        var browser = new Browser(_site);
        await browser.LoginAsync("alice");

        var flow = new CodeFlow(_site, "native", redirectUri);
        var code = await flow.CodeAsync(browser);

        Assert.Equal(HttpStatusCode.OK, (await flow.ExchangeAsync(code)).Status);
    }

    [Theory]
    [InlineData("http://127.0.0.1:54321/cb/")]
    [InlineData("http://127.0.0.1:54321/other")]
    [InlineData("http://127.0.0.1:54321/cb?x=1")]
    [InlineData("http://127.0.0.1:x/cb")]
    [InlineData("http://127.0.0.1:1@evil.example/cb")]
    [InlineData("http://localhost:54321/cb")]
    [InlineData("http://127.0.0.2:54321/cb")]
    [InlineData("https://127.0.0.1:54321/cb")]
    [InlineData("com.example.app:/cb2")]
    [InlineData("com.example.app://evil.example/cb")]
    public async Task NativeClient_GetsNoOtherAddress(string redirectUri)
    {
        var answer = await new Browser(_site).GetAsync(new CodeFlow(_site, "native", redirectUri).Address());

        Assert.Equal((HttpStatusCode.BadRequest, ""), (answer.Status, answer.Header("Location")));
    }

    [Fact]
    public async Task RequestByPostFromAnotherSite_IsAnsweredLikeGet()
    {
        var flow = new CodeFlow(_site);
        var browser = new Browser(_site);
        await browser.LoginAsync("alice");

        var answer = await browser.PostAsync(
            "/oauth/authorize", flow.Address(("prompt", "consent")).Split('?')[1].Split('&').Select(pair => (pair.Split('=')[0], Uri.UnescapeDataString(pair.Split('=')[1]))), ("Origin", "https://app.example"));

        Assert.Contains("Allow web?", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherMethod_Returns405() => Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _site.SendAsync(HttpMethod.Put, "/oauth/authorize")).Status);

    [Fact]
    public async Task ClientOfAnotherTenant_IsDenied_EvenWithASession()
    {
        var browser = new Browser(_site);
        await browser.LoginAsync("carol");

        var answer = await browser.GetAsync(new CodeFlow(_site, "acme-web", "https://acme.example/cb").Address());

        Assert.Equal("access_denied", CodeFlow.Parameter(answer, "error"));
    }

    [Theory]
    [InlineData("tenant", "globex")]
    [InlineData("roles", "Administrator")]
    [InlineData("claims", """{"id_token":{"roles":{"value":"Administrator"}}}""")]
    [InlineData("login_hint", "carol")]
    [InlineData("ui_locales", "nl ar")]
    [InlineData("claims_locales", "nl")]
    [InlineData("acr_values", "aal9")]
    [InlineData("display", "wap")]
    [InlineData("id_token_hint", "no.such.token")]
    public async Task ParameterThatMeansNothing_ChangesNothing(string parameter, string value)
    {
        var tokens = await new CodeFlow(_site).TokensAsync("bob", (parameter, value));

        var claims = Jwt.Claims(tokens.Json.GetProperty("access_token").GetString()!);
        Assert.Equal(("acme", "Sales User", "u-bob"), (claims.GetProperty("tenant").GetString(), claims.GetProperty("roles").EnumerateArray().Single().GetString(), claims.GetProperty("sub").GetString()));
    }

    [Fact]
    public async Task LongState_IsRefused_AndOneOf2048CharactersComesBack()
    {
        var browser = new Browser(_site);
        await browser.LoginAsync("alice");
        var longest = new CodeFlow(_site) { State = new string('s', 2048) };

        Assert.Equal(longest.State, CodeFlow.Parameter(await longest.AuthorizeAsync(browser), "state"));
        Assert.Equal("invalid_request", CodeFlow.Parameter(await browser.GetAsync(new CodeFlow(_site) { State = new string('s', 2049) }.Address()), "error"));
    }

    [Fact]
    public async Task SilentRequest_NeedsSessionAndConsent()
    {
        var browser = new Browser(_site);
        var flow = new CodeFlow(_site);
        await browser.LoginAsync("ada");

        Assert.Equal("consent_required", CodeFlow.Parameter(await browser.GetAsync(flow.Address(("prompt", "none"))), "error"));
        await flow.AuthorizeAsync(browser);
        Assert.NotEmpty(CodeFlow.Parameter(await browser.GetAsync(flow.Address(("prompt", "none"))), "code"));
    }

    [Fact]
    public async Task PromptLogin_AsksAgain_AndTheMarkOfAnotherMomentDoesNotHelp()
    {
        var browser = new Browser(_site);
        var flow = new CodeFlow(_site);
        await browser.LoginAsync("alice");
        await flow.AuthorizeAsync(browser);

        var asked = await browser.GetAsync(flow.Address(("prompt", "login")));
        Assert.StartsWith("/login?redirect-to=", asked.Header("Location"), StringComparison.Ordinal);
        var target = Uri.UnescapeDataString(asked.Header("Location")["/login?redirect-to=".Length..].Split('&')[0]);

        // Going on without signing in leads to the login again, whatever the mark is.
        Assert.StartsWith("/login?", (await browser.GetAsync(target)).Header("Location"), StringComparison.Ordinal);
        Assert.StartsWith("/login?", (await browser.GetAsync(flow.Address(("prompt", "login"), ("login_after", "AAAA")))).Header("Location"), StringComparison.Ordinal);

        var login = await browser.GetAsync(asked.Header("Location"));
        Assert.Contains("type=\"password\"", login.Text, StringComparison.Ordinal);
        var back = await browser.SubmitAsync(login, ("usr", "alice"), ("pwd", TestSeed.PasswordOf("alice")));
        Assert.NotEmpty(CodeFlow.Parameter(await browser.GetAsync(back.Header("Location")), "code"));
    }

    [Fact]
    public async Task HintAtAnotherUser_IsNotAnsweredWithThisOne()
    {
        var idToken = (await new CodeFlow(_site).TokensAsync("bob")).Json.GetProperty("id_token").GetString()!;
        var browser = new Browser(_site);
        await browser.LoginAsync("alice");
        var flow = new CodeFlow(_site);
        await flow.AuthorizeAsync(browser);

        Assert.Equal("login_required", CodeFlow.Parameter(await browser.GetAsync(flow.Address(("prompt", "none"), ("id_token_hint", idToken))), "error"));
        Assert.StartsWith("/login?", (await browser.GetAsync(flow.Address(("id_token_hint", idToken)))).Header("Location"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AccessTokenAsHint_IsNoHint()
    {
        var accessToken = (await new CodeFlow(_site).TokensAsync("bob")).Json.GetProperty("access_token").GetString()!;
        var browser = new Browser(_site);
        await browser.LoginAsync("alice");
        var flow = new CodeFlow(_site);
        await flow.AuthorizeAsync(browser);

        Assert.NotEmpty(CodeFlow.Parameter(await browser.GetAsync(flow.Address(("prompt", "none"), ("id_token_hint", accessToken))), "code"));
    }
}
