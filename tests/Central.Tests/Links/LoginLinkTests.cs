using Central.Factors;

namespace Microservices.Central.Tests.Links;

/// <summary>Signing in by the link of a mail.</summary>
public sealed class LoginLinkTests
{
    private const string Door = "/api/method/frappe.www.login.login_via_key";

    private const string TotpSecret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"; // of RFC 6238, appendix B

    private static readonly HttpMethod[] s_harmless = [HttpMethod.Get, HttpMethod.Head];

    [Fact]
    public async Task Button_SignsInOnce()
    {
        await using var links = await LinkSite.StartAsync(["alice"]);
        var form = await OpenAsync(links);
        Assert.Contains("alice", form.Page.Text, StringComparison.Ordinal);

        var answer = await form.SubmitAsync(links.Site);

        Assert.Equal((HttpStatusCode.SeeOther, "/account"), (answer.Status, answer.Header("Location")));
        Assert.Equal("alice", await UserOfAsync(links, answer.Cookie("sid")!));
        var again = await form.SubmitAsync(links.Site);
        Assert.Equal((HttpStatusCode.Forbidden, null), (again.Status, again.Cookie("sid")));
    }

    [Fact]
    public async Task SecondFactor_IsStillAskedFor()
    {
        await using var links = await LinkSite.StartAsync(["alice"], totpSecret: TotpSecret);
        await links.AskForLoginLinkAsync("alice");
        var browser = new Browser(links.Site);

        var answer = await browser.SubmitAsync(await browser.GetAsync($"{Door}?key={await links.KeyOfAsync(1)}"));
        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
        Assert.StartsWith("/login/verify", answer.Header("Location"), StringComparison.Ordinal);
        Assert.Equal("", browser.Sid);

        var question = await browser.GetAsync(answer.Header("Location"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.SubmitAsync(question, ("otp", "000000"))).Status);
        Assert.Equal("", browser.Sid);
        await browser.SubmitAsync(question, ("otp", Totp.CodeAt(Totp.FromBase32(TotpSecret), Totp.StepAt(links.Clock.GetUtcNow()))));
        Assert.Equal("alice", await UserOfAsync(links, browser.Sid));
    }

    [Fact]
    public async Task OpeningTheLink_ChangesNothing()
    {
        await using var links = await LinkSite.StartAsync(["alice"]);
        await links.AskForLoginLinkAsync("alice");
        var key = await links.KeyOfAsync(1);

        for (var i = 0; i < 6; i++)
        {
            var answer = await links.Site.SendAsync(s_harmless[i % 2], $"{Door}?key={key}", headers: ("User-Agent", "a program that looks into mails"));
            Assert.Equal((HttpStatusCode.OK, null), (answer.Status, answer.Cookie("sid")));
        }

        Assert.NotNull((await (await PageForm.OpenAsync(links.Site, $"{Door}?key={key}")).SubmitAsync(links.Site)).Cookie("sid"));
    }

    [Fact]
    public async Task KeyInTheAddress_SignsNobodyIn()
    {
        await using var links = await LinkSite.StartAsync(["alice"]);
        var form = await OpenAsync(links);
        var key = form.Hidden["key"];

        var token = new Dictionary<string, string>(form.Hidden);
        token.Remove("key");
        Assert.Null((await (form with { Action = $"{Door}?key={key}", Hidden = token }).SubmitAsync(links.Site)).Cookie("sid"));
        Assert.Null((await links.Site.PostJsonAsync(Door, new { key })).Cookie("sid"));
        Assert.NotNull((await form.SubmitAsync(links.Site)).Cookie("sid"));
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    public async Task FormOfAnotherSite_SignsNobodyIn(string header, string value)
    {
        await using var links = await LinkSite.StartAsync(["alice"]);
        var form = await OpenAsync(links);

        var answer = await form.SubmitAsync(links.Site, null, (header, value));

        Assert.Equal((HttpStatusCode.BadRequest, null), (answer.Status, answer.Cookie("sid")));
        Assert.NotNull((await form.SubmitAsync(links.Site)).Cookie("sid"));
    }

    [Fact]
    public async Task FormOfAnotherBrowser_SignsNobodyIn()
    {
        await using var links = await LinkSite.StartAsync(["alice"]);
        var form = await OpenAsync(links);

        var answer = await (form with { Cookies = "" }).SubmitAsync(links.Site);

        Assert.Equal((HttpStatusCode.BadRequest, null), (answer.Status, answer.Cookie("sid")));
    }

    [Fact]
    public async Task PressedManyTimesAtOnce_SignsInOnce()
    {
        await using var links = await LinkSite.StartAsync(["alice"]);
        var form = await OpenAsync(links);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => form.SubmitAsync(links.Site)));

        Assert.Single(answers, answer => answer.Cookie("sid") is not null);
        Assert.Equal(7, answers.Count(answer => answer.Status == HttpStatusCode.Forbidden));
    }

    [Fact]
    public async Task LinkOfTenMinutesAgo_IsWorthless()
    {
        await using var links = await LinkSite.StartAsync(["alice"]);
        var form = await OpenAsync(links);

        links.Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        await PageForm.OpenAsync(links.Site, $"{Door}?key={form.Hidden["key"]}");
        links.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(HttpStatusCode.Forbidden, (await links.Site.GetAsync($"{Door}?key={form.Hidden["key"]}")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await form.SubmitAsync(links.Site)).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?key=")]
    [InlineData("?key=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("?key=' OR 1=1 --")]
    public async Task KeyOfNobody_IsWorthless(string query)
    {
        await using var links = await LinkSite.StartAsync(["alice"]);

        var answer = await links.Site.GetAsync(Door + query);

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Contains("expired or was used before", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeyToChooseAPassword_SignsNobodyIn()
    {
        await using var links = await LinkSite.StartAsync(["alice"]);
        var form = await OpenAsync(links);
        await links.AskForResetAsync("alice");
        var other = await links.KeyOfAsync(2);

        Assert.Equal(HttpStatusCode.Forbidden, (await links.Site.GetAsync($"{Door}?key={other}")).Status);
        var answer = await (form with { Hidden = new Dictionary<string, string>(form.Hidden) { ["key"] = other } }).SubmitAsync(links.Site);
        Assert.Equal((HttpStatusCode.Forbidden, null), (answer.Status, answer.Cookie("sid")));
    }

    [Fact]
    public async Task HashOfTheKey_IsNoKey()
    {
        await using var links = await LinkSite.StartAsync(["alice"]);
        await links.AskForLoginLinkAsync("alice");
        var key = await links.KeyOfAsync(1);

        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(key)));

        Assert.Equal(HttpStatusCode.Forbidden, (await links.Site.GetAsync($"{Door}?key={hash}")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await links.Site.GetAsync($"{Door}?key={key.ToUpperInvariant()}")).Status);
    }

    [Fact]
    public async Task DisabledSince_SignsNobodyIn()
    {
        await using var links = await LinkSite.StartAsync(["alice", "bob"]);
        await links.AskForLoginLinkAsync("bob");
        var form = await PageForm.OpenAsync(links.Site, $"{Door}?key={await links.KeyOfAsync(1)}");
        var alice = await links.Site.LoginAsync("alice");
        var disabled = await links.Site.SendAsync(HttpMethod.Put, "/api/resource/User/bob", Body.Text("""{"enabled":0}""", "application/json"), Credentials.Sid(alice));
        Assert.Equal(HttpStatusCode.OK, disabled.Status);

        var answer = await form.SubmitAsync(links.Site);

        Assert.Equal((HttpStatusCode.Forbidden, null), (answer.Status, answer.Cookie("sid")));
    }

    [Fact]
    public async Task OldSession_EndsAndAPlantedOneIsNotAdopted()
    {
        await using var links = await LinkSite.StartAsync(["alice", "bob"]);
        var bob = await links.Site.LoginAsync("bob");
        await links.AskForLoginLinkAsync("alice");
        var form = await PageForm.OpenAsync(links.Site, $"{Door}?key={await links.KeyOfAsync(1)}", Credentials.Sid(bob));

        var answer = await (form with { Cookies = $"{form.Cookies}; sid={bob}" }).SubmitAsync(links.Site);

        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
        Assert.NotEqual(bob, answer.Cookie("sid"));
        Assert.Equal("alice", await UserOfAsync(links, answer.Cookie("sid")!));
        Assert.Equal(HttpStatusCode.Forbidden, (await links.Site.GetAsync("/api/method/frappe.auth.get_logged_user", Credentials.Sid(bob))).Status);
    }

    [Fact]
    public async Task Key_IsInNoLogAndGoesToNoOtherSite()
    {
        await using var links = await LinkSite.StartAsync(["alice"]);
        var form = await OpenAsync(links);
        await form.SubmitAsync(links.Site);
        await form.SubmitAsync(links.Site);
        await links.Site.GetAsync($"{Door}?key={form.Hidden["key"]}");

        Assert.Equal("no-referrer", form.Page.Header("Referrer-Policy"));
        Assert.Contains("no-store", form.Page.Header("Cache-Control"), StringComparison.Ordinal);
        Assert.Equal(Door, form.Action);
        Assert.DoesNotContain(links.Site.Logs.Lines, line => line.Contains(form.Hidden["key"], StringComparison.Ordinal));
        Assert.Contains(links.Site.Logs.Lines, line => line.Contains("login link ok, user u-alice", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Page_AsksForALink()
    {
        await using var links = await LinkSite.StartAsync(["alice"]);
        var form = await PageForm.OpenAsync(links.Site, "/login/link");

        var sent = await form.SubmitAsync(links.Site, new Dictionary<string, string> { ["usr"] = "alice@acme.example" });
        var nobody = await form.SubmitAsync(links.Site, new Dictionary<string, string> { ["usr"] = "nobody@acme.example" });

        Assert.Equal((HttpStatusCode.SeeOther, "/login/link?sent=1"), (sent.Status, sent.Header("Location")));
        Assert.Equal((sent.Status, sent.Header("Location")), (nobody.Status, nobody.Header("Location")));
        Assert.Contains("a mail is on its way", (await links.Site.GetAsync("/login/link?sent=1")).Text, StringComparison.Ordinal);
        Assert.Contains(Door, (await links.Mail.NextMailAsync()).Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SwitchedOff_HasNoPages()
    {
        await using var links = await LinkSite.StartAsync(["alice"], settings => settings.Remove("login_link_enabled"));

        Assert.Equal(HttpStatusCode.Forbidden, (await links.Site.GetAsync("/login/link")).Status);
        Assert.DoesNotContain("/login/link", (await links.Site.GetAsync("/login")).Text, StringComparison.Ordinal);
        Assert.Contains("/forgot-password", (await links.Site.GetAsync("/login")).Text, StringComparison.Ordinal);
    }

    private static async Task<PageForm> OpenAsync(LinkSite links)
    {
        await links.AskForLoginLinkAsync("alice");
        return await PageForm.OpenAsync(links.Site, $"{Door}?key={await links.KeyOfAsync(1)}");
    }

    private static async Task<string> UserOfAsync(LinkSite links, string sid) =>
        (await links.Site.GetAsync("/api/method/frappe.auth.get_logged_user", Credentials.Sid(sid))).Json.GetProperty("message").GetString()!;
}
