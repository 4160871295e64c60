namespace Microservices.Central.Tests.Attacks;

/// <summary>Names that strangers give the site: in <c>Host</c> they are refused, and what proxies are said to have been asked for comes back nowhere.</summary>
public sealed class HostTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    private static readonly (string Name, string Value)[] s_forwarded =
    [
        ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Server", "evil.example"), ("X-Forwarded-Proto", "http"), ("X-Forwarded-Port", "6666"), ("X-Forwarded-Prefix", "/evil.example"),
        ("X-Forwarded-For", "192.0.2.66"), ("Forwarded", "host=evil.example;proto=http;for=192.0.2.66"), ("X-Host", "evil.example"), ("X-Original-Host", "evil.example"), ("X-HTTP-Host-Override", "evil.example"),
        ("X-Original-URL", "//evil.example/"), ("X-Rewrite-URL", "//evil.example/"), ("X-Frappe-Site-Name", "evil.example"), ("Referer", "https://evil.example/"),
    ];

    private readonly TestSite _site = fixture.Site;

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:443")]
    [InlineData("site.example.evil.example")]
    [InlineData("xsite.example")]
    [InlineData("site.local.example")]
    [InlineData("notlocal.evil.example")]
    [InlineData("www.site.example")]
    [InlineData("site.example.")]
    public async Task HostOfAStranger_Is400AtEveryDoor(string host)
    {
        Answer[] answers =
        [
            await _site.GetAsync("/.well-known/openid-configuration", ("Host", host)),
            await _site.GetAsync("/oauth/jwks", ("Host", host)),
            await _site.GetAsync(new CodeFlow(_site).Address(), ("Host", host)),
            await _site.GetAsync("/login", ("Host", host)),
            await _site.TryLoginAsync("alice", TestSeed.PasswordOf("alice"), ("Host", host)),
            await _site.PostFormAsync("/oauth/token", "grant_type=client_credentials", Credentials.Basic("acme-app", TestSeed.SecretOf("acme-app")), ("Host", host)),
            await _site.GetAsync("/api/resource/User", ("Host", host)),
            await _site.GetAsync("/no/such/path", ("Host", host)),
        ];

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.BadRequest, "ValidationError"), (answer.Status, answer.ErrorType)));
        Assert.All(answers, answer => Assert.Equal(("", "", "no-store"), (answer.Header("Set-Cookie"), answer.Header("Location"), answer.Header("Cache-Control"))));
        Assert.All(answers, answer => Assert.DoesNotContain("evil", answer.Text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("site.example")]
    [InlineData("SITE.example:443")]
    [InlineData("127.0.0.1:8080")]
    [InlineData("[::1]:8080")]
    [InlineData("localhost")]
    [InlineData("central:8080")]
    [InlineData("central.default.svc.cluster.local:8080")]
    public async Task KnownHost_IsAnsweredAlike(string host) =>
        Assert.Equal((await _site.GetAsync("/.well-known/openid-configuration")).Text, (await _site.GetAsync("/.well-known/openid-configuration", ("Host", host))).Text);

    [Fact]
    public async Task FurtherHosts_AreThoseOfTheSetting()
    {
        await using var storage = new SiteStorage();
        await using var site = await storage.StartAsync(new SiteOptions { Seed = null, Settings = new Dictionary<string, string> { ["CENTRAL_HOSTS"] = "central.prod.svc, www.site.example" } });

        Assert.Equal(HttpStatusCode.OK, (await site.GetAsync("/oauth/jwks", ("Host", "central.prod.svc:8080"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await site.GetAsync("/oauth/jwks", ("Host", "www.site.example"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await site.GetAsync("/oauth/jwks", ("Host", "prod.svc"))).Status);
    }

    [Fact]
    public async Task ForwardedNames_ComeBackNowhere()
    {
        var browser = new Browser(_site);
        var flow = new CodeFlow(_site);
        var answers = new List<Answer>();
        async Task<Answer> KeepAsync(Task<Answer> asked)
        {
            answers.Add(await asked);
            return answers[^1];
        }

        foreach (var path in (string[])["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server", "/", "/no/such/page", "/account", "/oauth/authorize", "/login/", "/oauth/token/", "/api/method/frappe.auth.get_logged_user"])
        {
            await KeepAsync(browser.GetAsync(path, s_forwarded));
        }

        var start = await KeepAsync(browser.GetAsync(flow.Address(), s_forwarded));
        var login = await KeepAsync(browser.GetAsync(start.Header("Location"), s_forwarded));
        var back = await KeepAsync(browser.PostAsync(
            Browser.ActionOf(login), [.. Browser.HiddenFields(login).Select(field => (field.Key, field.Value)), ("usr", "alice"), ("pwd", TestSeed.PasswordOf("alice"))], s_forwarded));
        var consent = await KeepAsync(browser.GetAsync(back.Header("Location"), s_forwarded));
        var done = await KeepAsync(browser.PostAsync(
            Browser.ActionOf(consent), [.. Browser.HiddenFields(consent).Select(field => (field.Key, field.Value)), ("decision", "allow")], s_forwarded));
        await KeepAsync(_site.TryLoginAsync("bob", TestSeed.PasswordOf("bob"), s_forwarded));
        var device = await KeepAsync(_site.PostFormAsync("/oauth/device_authorization", "client_id=tv", s_forwarded));
        await KeepAsync(browser.GetAsync("/oauth/logout", s_forwarded));
        await KeepAsync(browser.GetAsync("/account/two-factor", s_forwarded));
        var token = await KeepAsync(_site.PostFormAsync("/oauth/token", "grant_type=client_credentials", [Credentials.Basic("acme-app", TestSeed.SecretOf("acme-app")), .. s_forwarded]));

        Assert.StartsWith("https://app.example/callback?code=", done.Header("Location"), StringComparison.Ordinal);
        Assert.StartsWith("https://site.example/device", device.Json.GetProperty("verification_uri").GetString(), StringComparison.Ordinal);
        Assert.Equal("https://site.example", Jwt.Claims(token.Json.GetProperty("access_token").GetString()!).GetProperty("iss").GetString());
        foreach (var answer in answers)
        {
            var whole = answer.Text + string.Join('\n', answer.Headers.Select(header => $"{header.Key}: {header.Value}"));
            Assert.All((string[])["evil.example", "6666", "192.0.2.66", "http://site.example"], text => Assert.DoesNotContain(text, whole, StringComparison.OrdinalIgnoreCase));
            Assert.DoesNotContain("domain=", answer.Header("Set-Cookie"), StringComparison.OrdinalIgnoreCase);
            Assert.All(answer.Header("Set-Cookie").Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Contains("secure", line, StringComparison.OrdinalIgnoreCase));
        }
    }
}
