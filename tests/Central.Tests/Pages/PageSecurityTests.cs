namespace Microservices.Central.Tests.Pages;

/// <summary>What holds for every page: headers, forms, addresses to go back to, sessions.</summary>
public sealed class PageSecurityTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    private readonly TestSite _site = fixture.Site;

    [Theory]
    [InlineData("/login", HttpStatusCode.OK)]
    [InlineData("/logout", HttpStatusCode.OK)]
    [InlineData("/oauth/authorize", HttpStatusCode.BadRequest)]
    [InlineData("/oauth/consent", HttpStatusCode.SeeOther)]
    [InlineData("/oauth/logout", HttpStatusCode.SeeOther)]
    [InlineData("/login?a=1&a=2", HttpStatusCode.BadRequest)]
    public async Task EveryPage_HasTheHeaders(string path, HttpStatusCode status)
    {
        var answer = await _site.GetAsync(path);

        Assert.Equal(status, answer.Status);
        Assert.Equal("default-src 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'", answer.Header("Content-Security-Policy"));
        Assert.Equal(("DENY", "no-referrer", "nosniff"), (answer.Header("X-Frame-Options"), answer.Header("Referrer-Policy"), answer.Header("X-Content-Type-Options")));
        Assert.Contains("no-store", answer.Header("Cache-Control"), StringComparison.Ordinal);
        Assert.StartsWith("max-age=", answer.Header("Strict-Transport-Security"), StringComparison.Ordinal);
        if (status != HttpStatusCode.SeeOther)
        {
            Assert.Equal("text/html; charset=utf-8", answer.Header("Content-Type"));
            Assert.DoesNotContain("style=", answer.Text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("<script>", answer.Text, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory]
    [InlineData("/account", "/account")]
    [InlineData("/orders/summary?days=7&x=%2F", "/orders/summary?days=7&x=%2F")]
    [InlineData("https://evil.example", "/account")]
    [InlineData("//evil.example", "/account")]
    [InlineData("/\\evil.example", "/account")]
    [InlineData("\\\\evil.example", "/account")]
    [InlineData("/%5cevil.example", "/account")]
    [InlineData("/%2fevil.example", "/account")]
    [InlineData("/\t/evil.example", "/account")]
    [InlineData("/%09/evil.example", "/account")]
    [InlineData("/\r\nLocation: https://evil.example", "/account")]
    [InlineData("/%0d%0aSet-Cookie: x=y", "/account")]
    [InlineData("javascript:alert(1)", "/account")]
    [InlineData("account", "/account")]
    [InlineData("", "/account")]
    public async Task Login_LeadsToThisSiteOnly(string redirectTo, string target)
    {
        var answer = await new Browser(_site).LoginAsync("alice", redirectTo);

        Assert.Equal((HttpStatusCode.SeeOther, target), (answer.Status, answer.Header("Location")));
        var signedIn = new Browser(_site);
        await signedIn.LoginAsync("alice");
        Assert.Equal(target, (await signedIn.GetAsync("/login?redirect-to=" + Uri.EscapeDataString(redirectTo))).Header("Location"));
    }

    [Fact]
    public async Task WrongPassword_ShowsThePageAgain_WithTheNameAndWithoutThePassword()
    {
        var answer = await new Browser(_site).LoginAsync("alice", password: "not the password <b>");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Contains("role=\"alert\"", answer.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"alice\"", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("not the password", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("dave")]
    public async Task UnknownOrDisabledUser_LooksLikeAWrongPassword(string user)
    {
        var wrong = await new Browser(_site).LoginAsync("bob", password: "wrong");
        var other = await new Browser(_site).LoginAsync(user, password: user == "dave" ? null : "wrong");

        Assert.Equal(Plain(wrong, "bob"), Plain(other, user));
    }

    [Fact]
    public async Task HostileText_IsShownAsText()
    {
        const string attack = "\"><script>alert(1)</script>";

        var typed = await new Browser(_site).LoginAsync(attack, password: "x");
        var hinted = await _site.GetAsync("/login?login_hint=" + Uri.EscapeDataString(attack));

        Assert.All((Answer[])[typed, hinted], answer => Assert.DoesNotContain("<script>alert", answer.Text, StringComparison.OrdinalIgnoreCase));
        Assert.Contains("&quot;&gt;&lt;script&gt;", hinted.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoginForm_OfAnotherSiteOrWithoutItsToken_SignsNobodyIn()
    {
        var browser = new Browser(_site);
        var page = await browser.GetAsync("/login");
        (string, string)[] fields = [("usr", "alice"), ("pwd", TestSeed.PasswordOf("alice"))];
        var whole = fields.Append(("csrf_token", Browser.HiddenFields(page)["csrf_token"])).ToArray();

        Answer[] answers =
        [
            await browser.PostAsync("/login", fields),
            await browser.PostAsync("/login", whole, ("Origin", "https://evil.example")),
            await browser.PostAsync("/login", whole, ("Sec-Fetch-Site", "cross-site")),
            await new Browser(_site).PostAsync("/login", whole),
            await _site.SendAsync(HttpMethod.Post, "/login", Body.Text("""{"usr":"alice"}""", "application/json")),
        ];

        Assert.All(answers, answer => Assert.InRange((int)answer.Status, 400, 415));
        Assert.Equal("", browser.Sid);
    }

    [Fact]
    public async Task Login_GivesANewSid_AndEndsTheOneThatWasThere()
    {
        var browser = new Browser(_site);
        browser.SetCookie("sid", "planted");
        await browser.LoginAsync("alice");
        var first = browser.Sid;
        await browser.LoginAsync("alice");

        Assert.NotEqual("planted", first);
        Assert.NotEqual(first, browser.Sid);
        Assert.Equal(HttpStatusCode.Forbidden, (await _site.GetAsync("/api/method/frappe.auth.get_logged_user", Credentials.Sid(first))).Status);
    }

    [Fact]
    public async Task CookiesOfPages_AreForThisHostAndHttpsOnly()
    {
        var page = await _site.GetAsync("/login");
        var cookie = page.CookieLine("__Host-form")!;

        Assert.All((string[])["secure", "httponly", "samesite=lax", "path=/"], part => Assert.Contains(part, cookie, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Get_SignsNobodyOut()
    {
        var browser = new Browser(_site);
        await browser.LoginAsync("alice");

        await browser.GetAsync("/logout");

        Assert.Equal(HttpStatusCode.OK, (await _site.GetAsync("/api/method/frappe.auth.get_logged_user", Credentials.Sid(browser.Sid))).Status);
    }

    [Fact]
    public async Task HugeForm_IsRefused()
    {
        var answer = await new Browser(_site).PostAsync("/login", [("usr", new string('x', 200_000))]);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
    }

    private static string Plain(Answer answer, string user)
    {
        var text = answer.Text.Replace($"value=\"{user}\"", "", StringComparison.Ordinal);
        return $"{answer.Status} {text.Replace(Browser.HiddenFields(answer)["csrf_token"], "", StringComparison.Ordinal)}";
    }
}
