using System.Buffers.Text;
using System.Text.Json.Nodes;

namespace Microservices.Central.Tests.Passkeys;

public sealed class PasskeyLoginTests(FactorFixture fixture) : IClassFixture<FactorFixture>
{
    private readonly TestSite _site = fixture.Site;

    [Fact]
    public async Task Passkey_SignsInWithoutANameAsTwoFactors()
    {
        var user = fixture.NextUser();
        using var authenticator = await PasskeyFlow.RegisterAsync(new Browser(_site), user);
        var (browser, flow) = (new Browser(_site), new CodeFlow(_site));

        var answer = await PasskeyFlow.LoginAsync(browser, authenticator, "/account/passkeys");

        Assert.Equal((HttpStatusCode.OK, "Logged In", "/account/passkeys"), (answer.Status, answer.Json.GetProperty("message").GetString(), answer.Json.GetProperty("redirect_to").GetString()));
        Assert.Equal($$"""{"message":"{{user}}"}""", (await _site.GetAsync("/api/method/frappe.auth.get_logged_user", Credentials.Sid(browser.Sid))).Text);
        var claims = Jwt.Claims((await flow.ExchangeAsync(await flow.CodeAsync(browser))).Json.GetProperty("id_token").GetString()!);
        Assert.Equal("aal2", claims.GetProperty("acr").GetString());
        Assert.Equal(["hwk", "user", "mfa"], claims.GetProperty("amr").EnumerateArray().Select(method => method.GetString()));
    }

    [Fact]
    public async Task Passkey_IsTwoFactors_AlsoForWhoHasAnApp()
    {
        var (user, browser) = (fixture.NextUserWithApp(), new Browser(_site));
        await browser.SubmitAsync(await browser.GetAsync((await browser.LoginAsync(user)).Header("Location")), ("otp", fixture.App.Code()));
        using var authenticator = new SoftwareAuthenticator();
        Assert.Equal(HttpStatusCode.OK, (await PasskeyFlow.AddAsync(browser, authenticator)).Status);
        var other = new Browser(_site);

        await PasskeyFlow.LoginAsync(other, authenticator);

        Assert.Equal(64, other.Sid.Length);
        Assert.True((await _site.TryLoginAsync(user, TestSeed.PasswordOf(user))).Json.TryGetProperty("tmp_id", out _)); // the password alone still does not do
    }

    [Fact]
    public async Task LoginThatBeganAtOneProcess_EndsAtAnother()
    {
        using var authenticator = await PasskeyFlow.RegisterAsync(new Browser(_site), fixture.NextUser());
        var (here, there) = (new Browser(_site), new Browser(fixture.Other));
        var credential = authenticator.Get(await PasskeyFlow.OptionsAsync(here));
        there.SetCookie("__Host-passkey", here.Cookies["__Host-passkey"]);

        Assert.Equal(HttpStatusCode.OK, (await there.PostJsonAsync("/login/passkey", new { credential })).Status);
    }

    [Fact]
    public async Task Options_AreAlikeForEveryName_AndNameNobody()
    {
        var user = fixture.NextUser();
        using var authenticator = await PasskeyFlow.RegisterAsync(new Browser(_site), user);
        var shapes = new HashSet<string>();
        foreach (var body in (object[])[new { }, new { usr = user }, new { usr = "nobody" }, new { username = user, email = $"{user}@acme.example" }])
        {
            var answer = await new Browser(_site).PostJsonAsync("/login/passkey/options", body);
            var options = JsonNode.Parse(answer.Text)!.AsObject();
            Assert.Equal(43, options["challenge"]!.GetValue<string>().Length); // 256 bits
            Assert.Equal(("required", "site.example"), (options["userVerification"]!.GetValue<string>(), options["rpId"]!.GetValue<string>()));
            options["challenge"] = "";
            shapes.Add($"{answer.Status} {options.ToJsonString()} {string.Join(',', answer.Headers.Keys.Order())}");
        }

        Assert.Single(shapes);
        Assert.DoesNotContain(Base64Url.EncodeToString(authenticator.CredentialId), shapes.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ChallengeCookie_IsForThisBrowserOnly()
    {
        var line = (await new Browser(_site).PostJsonAsync("/login/passkey/options", new { })).CookieLine("__Host-passkey")!.ToLowerInvariant();

        Assert.All((string[])["httponly", "secure", "samesite=strict", "path=/", "max-age=300"], attribute => Assert.Contains(attribute, line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("wrong origin")]
    [InlineData("look-alike origin")]
    [InlineData("framed by another site")]
    [InlineData("wrong rp id")]
    [InlineData("user not verified")]
    [InlineData("user not present")]
    [InlineData("another user's handle")]
    [InlineData("unknown user handle")]
    public async Task AssertionThatSaysOtherwise_IsRefused(string attack)
    {
        using var authenticator = await PasskeyFlow.RegisterAsync(new Browser(_site), fixture.NextUser());
        using var other = await PasskeyFlow.RegisterAsync(new Browser(_site), fixture.NextUser());
        Action change = attack switch
        {
            "wrong origin" => () => authenticator.Origin = "https://evil.example",
            "look-alike origin" => () => authenticator.Origin = "https://site.example.evil.example",
            "framed by another site" => () => authenticator.IsCrossOrigin = true,
            "wrong rp id" => () => authenticator.RpId = "evil.example",
            "user not verified" => () => authenticator.IsUserVerified = false,
            "user not present" => () => authenticator.IsUserPresent = false,
            "another user's handle" => () => authenticator.UserHandle = other.UserHandle,
            _ => () => authenticator.UserHandle = Base64Url.EncodeToString("u-alice"u8),
        };
        change();

        await RefusedAsync(new Browser(_site), authenticator);
    }

    [Theory]
    [InlineData("signature")]
    [InlineData("authenticatorData")]
    [InlineData("clientDataJSON")]
    public async Task TamperedPart_IsRefused(string part)
    {
        using var authenticator = await PasskeyFlow.RegisterAsync(new Browser(_site), fixture.NextUser());
        var browser = new Browser(_site);
        var credential = authenticator.Get(await PasskeyFlow.OptionsAsync(browser));
        var bytes = Base64Url.DecodeFromChars(credential["response"]![part]!.GetValue<string>());
        bytes[^3] ^= 1;
        credential["response"]![part] = Base64Url.EncodeToString(bytes);

        Refused(await browser.PostJsonAsync("/login/passkey", new { credential }), browser);
    }

    [Fact]
    public async Task KeyOfAnotherAuthenticator_IsRefused()
    {
        using var authenticator = await PasskeyFlow.RegisterAsync(new Browser(_site), fixture.NextUser());
        using var forger = new SoftwareAuthenticator { CredentialId = authenticator.CredentialId, UserHandle = authenticator.UserHandle };

        await RefusedAsync(new Browser(_site), forger);
    }

    [Fact]
    public async Task ReplayedAnswer_IsRefused()
    {
        using var authenticator = await PasskeyFlow.RegisterAsync(new Browser(_site), fixture.NextUser());
        var browser = new Browser(_site);
        var credential = authenticator.Get(await PasskeyFlow.OptionsAsync(browser));
        var cookie = browser.Cookies["__Host-passkey"];
        Assert.Equal(HttpStatusCode.OK, (await browser.PostJsonAsync("/login/passkey", new { credential })).Status);
        Assert.False(browser.Cookies.ContainsKey("__Host-passkey"));

        var thief = new Browser(_site);
        thief.SetCookie("__Host-passkey", cookie);
        Refused(await thief.PostJsonAsync("/login/passkey", new { credential }), thief);
        await PasskeyFlow.OptionsAsync(thief);
        Refused(await thief.PostJsonAsync("/login/passkey", new { credential }), thief);
    }

    [Fact]
    public async Task OneAnswerAtOnce_OpensOneSession()
    {
        using var authenticator = await PasskeyFlow.RegisterAsync(new Browser(_site), fixture.NextUser());
        var browser = new Browser(_site);
        var credential = authenticator.Get(await PasskeyFlow.OptionsAsync(browser));
        var body = JsonSerializer.Serialize(new { credential });

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => (i % 2 == 0 ? _site : fixture.Other).SendAsync(
            HttpMethod.Post, "/login/passkey", Body.Text(body, "application/json"), ("Cookie", "__Host-passkey=" + browser.Cookies["__Host-passkey"]))));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task ChallengeOfAnotherBrowser_IsRefused()
    {
        using var authenticator = await PasskeyFlow.RegisterAsync(new Browser(_site), fixture.NextUser());
        var (victim, attacker) = (new Browser(_site), new Browser(_site));
        var credential = authenticator.Get(await PasskeyFlow.OptionsAsync(victim));
        await PasskeyFlow.OptionsAsync(attacker);

        Refused(await attacker.PostJsonAsync("/login/passkey", new { credential }), attacker);
        var bare = new Browser(_site);
        Refused(await bare.PostJsonAsync("/login/passkey", new { credential }), bare);
    }

    [Fact]
    public async Task Challenge_LastsFiveMinutes()
    {
        using var authenticator = await PasskeyFlow.RegisterAsync(new Browser(_site), fixture.NextUser());
        var (young, old) = (new Browser(_site), new Browser(_site));
        var (inTime, late) = (authenticator.Get(await PasskeyFlow.OptionsAsync(young)), authenticator.Get(await PasskeyFlow.OptionsAsync(old)));

        fixture.Clock.Advance(TimeSpan.FromSeconds(299));
        Assert.Equal(HttpStatusCode.OK, (await young.PostJsonAsync("/login/passkey", new { credential = inTime })).Status);
        fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        Refused(await old.PostJsonAsync("/login/passkey", new { credential = late }), old);
    }

    [Fact]
    public async Task ChallengeOfARegistration_DoesNotSignIn()
    {
        var browser = new Browser(_site);
        using var authenticator = await PasskeyFlow.RegisterAsync(browser, fixture.NextUser());
        var credential = authenticator.Get(await PasskeyFlow.OptionsAsync(browser, "/account/passkeys/options"));

        var answer = await browser.PostJsonAsync("/login/passkey", new { credential });

        Assert.Equal((HttpStatusCode.Unauthorized, null), (answer.Status, answer.Cookie("sid")));
    }

    [Fact]
    public async Task CounterThatDoesNotGrow_IsRefused()
    {
        using var authenticator = await PasskeyFlow.RegisterAsync(new Browser(_site), fixture.NextUser(), counter: 5);
        Assert.Equal(HttpStatusCode.OK, (await PasskeyFlow.LoginAsync(new Browser(_site), authenticator)).Status);
        var reached = authenticator.Counter;

        foreach (var counter in (uint[])[reached - 1, reached - 2])
        {
            authenticator.Counter = counter; // signs with the next one
            await RefusedAsync(new Browser(_site), authenticator);
        }

        authenticator.Counter = 0;
        await RefusedAsync(new Browser(_site), authenticator);
        authenticator.Counter = reached;
        Assert.Equal(HttpStatusCode.OK, (await PasskeyFlow.LoginAsync(new Browser(_site), authenticator)).Status);
    }

    [Fact]
    public async Task DisabledUser_IsRefused()
    {
        var user = fixture.NextUser();
        using var authenticator = await PasskeyFlow.RegisterAsync(new Browser(_site), user);
        await _site.SendAsync(HttpMethod.Put, "/api/resource/User/" + user, Body.Text("""{"enabled":0}""", "application/json"), Credentials.Sid(await _site.LoginAsync("alice")));

        await RefusedAsync(new Browser(_site), authenticator);
    }

    [Fact]
    public async Task LockThatStrangersCaused_DoesNotStopTheOwnersPasskey()
    {
        var user = fixture.NextUser();
        using var authenticator = await PasskeyFlow.RegisterAsync(new Browser(_site), user);
        for (var i = 0; i < 5; i++)
        {
            await _site.TryLoginAsync(user, "wrong");
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await _site.TryLoginAsync(user, TestSeed.PasswordOf(user))).Status);
        Assert.Equal(HttpStatusCode.OK, (await PasskeyFlow.LoginAsync(new Browser(_site), authenticator)).Status);
    }

    [Fact]
    public async Task UserOfSeveralTenants_ChoosesOneAfterThePasskey()
    {
        var (user, browser) = (fixture.NextUser(), new Browser(_site));
        using var authenticator = await PasskeyFlow.RegisterAsync(new Browser(_site), user);
        await fixture.JoinAsync(user, "strict");

        var answer = await PasskeyFlow.LoginAsync(browser, authenticator, "/account/passkeys");

        Assert.Equal(("/login/tenant?redirect-to=%2Faccount%2Fpasskeys", ""), (answer.Json.GetProperty("redirect_to").GetString(), browser.Sid));
        var done = await browser.SubmitAsync(await browser.GetAsync(answer.Json.GetProperty("redirect_to").GetString()!), ("tenant", "strict"));
        Assert.Equal("/account/passkeys", done.Header("Location")); // strict asks for a second factor, and a passkey is one
        Assert.Equal(64, browser.Sid.Length);
    }

    [Fact]
    public async Task PasskeyAfterAPassword_KeepsTheTenantThatWasChosen()
    {
        var (user, browser) = (fixture.NextUser(), new Browser(_site));
        using var authenticator = await PasskeyFlow.RegisterAsync(new Browser(_site), user);
        await fixture.JoinAsync(user, "strict");
        var choice = await browser.GetAsync((await browser.LoginAsync(user)).Header("Location"));
        var verification = await browser.GetAsync((await browser.SubmitAsync(choice, ("tenant", "strict"))).Header("Location"));
        Assert.Contains("passkey-login", verification.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"otp\"", verification.Text, StringComparison.Ordinal);

        await PasskeyFlow.LoginAsync(browser, authenticator);

        Assert.Equal("strict", (await _site.IntrospectAsync("orders", browser.Sid, "session")).Json.GetProperty("tenant").GetString());
        Assert.Equal(HttpStatusCode.Forbidden, (await _site.PostFormAsync("/api/method/login", $"usr={user}&pwd={Uri.EscapeDataString(TestSeed.PasswordOf(user))}&tenant=strict")).Status);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example")]
    [InlineData("javascript:alert(1)")]
    public async Task Answer_LeadsNowhereElse(string redirectTo)
    {
        using var authenticator = await PasskeyFlow.RegisterAsync(new Browser(_site), fixture.NextUser());

        Assert.Equal("/account", (await PasskeyFlow.LoginAsync(new Browser(_site), authenticator, redirectTo)).Json.GetProperty("redirect_to").GetString());
    }

    [Theory]
    [InlineData("/login/passkey/options")]
    [InlineData("/login/passkey")]
    public async Task RequestOfAnotherOrigin_IsRefused(string path)
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await _site.PostJsonAsync(path, new { credential = new { } }, ("Origin", "https://evil.example"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _site.PostJsonAsync(path, new { credential = new { } }, ("Sec-Fetch-Site", "cross-site"))).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _site.GetAsync(path)).Status);
    }

    [Theory]
    [InlineData("{}", HttpStatusCode.BadRequest)]
    [InlineData("[]", HttpStatusCode.BadRequest)]
    [InlineData("{", HttpStatusCode.BadRequest)]
    [InlineData("""{"credential":"x"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"credential":{},"credential":{}}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"credential":{}}""", HttpStatusCode.Unauthorized)]
    [InlineData("""{"credential":{"id":"%%%","rawId":"","type":"public-key","response":{}}}""", HttpStatusCode.Unauthorized)]
    [InlineData("""{"credential":{"id":1,"type":[],"response":null}}""", HttpStatusCode.Unauthorized)]
    public async Task BrokenBody_IsRefused(string body, HttpStatusCode status)
    {
        var browser = new Browser(_site);
        await PasskeyFlow.OptionsAsync(browser);

        Assert.Equal(status, (await _site.SendAsync(HttpMethod.Post, "/login/passkey", Body.Text(body, "application/json"), ("Cookie", "__Host-passkey=" + browser.Cookies["__Host-passkey"]))).Status);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await _site.SendAsync(HttpMethod.Post, "/login/passkey", Body.Text(body, "text/plain"))).Status);
    }

    [Fact]
    public async Task Script_IsServedByTheSite_AndThePageAllowsNoOther()
    {
        var (script, page) = (await _site.GetAsync("/central/passkeys.js"), await _site.GetAsync("/login"));

        Assert.Equal((HttpStatusCode.OK, "text/javascript; charset=utf-8"), (script.Status, script.Header("Content-Type")));
        Assert.Contains("<script src=\"/central/passkeys.js\" defer", page.Text, StringComparison.Ordinal);
        Assert.Contains("id=\"passkey-login\"", page.Text, StringComparison.Ordinal);
        Assert.StartsWith("default-src 'self'", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
    }

    private static async Task RefusedAsync(Browser browser, SoftwareAuthenticator authenticator) => Refused(await PasskeyFlow.LoginAsync(browser, authenticator), browser);

    private static void Refused(Answer answer, Browser browser)
    {
        Assert.Equal((HttpStatusCode.Unauthorized, "AuthenticationError"), (answer.Status, answer.ErrorType));
        Assert.Equal("", browser.Sid);
    }
}
