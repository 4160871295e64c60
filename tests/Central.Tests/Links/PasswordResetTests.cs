using Central.Factors;

namespace Microservices.Central.Tests.Links;

/// <summary>Choosing a new password by the link of a mail.</summary>
public sealed class PasswordResetTests
{
    private const string Door = "/update-password";
    private const string NewPassword = "nine lanterns over the harbour";
    private const string TotpSecret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"; // of RFC 6238, appendix B

    [Fact]
    public async Task NewPassword_TakesThePlaceOfTheOldOne()
    {
        await using var links = await LinkSite.StartAsync(["alice"]);
        var form = await OpenAsync(links);

        var answer = await SubmitAsync(links, form, NewPassword);

        Assert.Equal((HttpStatusCode.SeeOther, null), (answer.Status, answer.Cookie("sid")));
        Assert.StartsWith("/login?", answer.Header("Location"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await links.Site.TryLoginAsync("alice", TestSeed.PasswordOf("alice"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await links.Site.TryLoginAsync("alice", NewPassword)).Status);
    }

    [Fact]
    public async Task EverySession_Ends_AndTheUserIsTold()
    {
        await using var links = await LinkSite.StartAsync(["alice", "bob"]);
        var (first, second, bob) = (await links.Site.LoginAsync("alice"), await links.Site.LoginAsync("alice"), await links.Site.LoginAsync("bob"));

        await SubmitAsync(links, await OpenAsync(links), NewPassword);

        Assert.Equal(HttpStatusCode.Forbidden, (await UserOfAsync(links, first)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await UserOfAsync(links, second)).Status);
        Assert.Equal(HttpStatusCode.OK, (await UserOfAsync(links, bob)).Status);
        var told = await links.Mail.NextMailAsync(2);
        Assert.Equal("alice@acme.example", told.To);
        Assert.Contains("your password changed", told.Head, StringComparison.Ordinal);
        Assert.DoesNotContain(NewPassword, told.Data, StringComparison.Ordinal);
        Assert.Contains(links.Site.Logs.Lines, line => line.Contains("password reset ok, user u-alice", StringComparison.Ordinal));
    }

    [Fact]
    public async Task FirstReset_ProvesTheAddress_AndEndsKeysThatWhoeverMadeTheAccountMayHave()
    {
        await using var links = await LinkSite.StartAsync(["alice"]);
        Assert.Equal(HttpStatusCode.OK, (await WhoAmIAsync()).Status);

        await SubmitAsync(links, await OpenAsync(links), NewPassword);

        Assert.Equal(HttpStatusCode.Unauthorized, (await WhoAmIAsync()).Status);
        var (flow, browser) = (new CodeFlow(links.Site), new Browser(links.Site));
        await browser.LoginAsync("alice", password: NewPassword);
        var claims = Jwt.Claims((await flow.ExchangeAsync(await flow.CodeAsync(browser))).Json.GetProperty("id_token").GetString()!);
        Assert.True(claims.GetProperty("email_verified").GetBoolean());

        Task<Answer> WhoAmIAsync() => links.Site.GetAsync("/api/method/auth.whoami", Credentials.Key(TestSeed.PairOf("alice-key")));
    }

    [Fact]
    public async Task SecondFactor_IsStillAskedForAfterwards_AndALoginThatWaitedForItIsOver()
    {
        await using var links = await LinkSite.StartAsync(["alice"], totpSecret: TotpSecret);
        var waiting = new Browser(links.Site);
        var question = await waiting.GetAsync((await waiting.LoginAsync("alice")).Header("Location"));
        Assert.Equal(HttpStatusCode.OK, question.Status);

        var answer = await SubmitAsync(links, await OpenAsync(links), NewPassword);
        Assert.Null(answer.Cookie("sid"));

        var code = Totp.CodeAt(Totp.FromBase32(TotpSecret), Totp.StepAt(links.Clock.GetUtcNow()));
        Assert.Equal(HttpStatusCode.Unauthorized, (await waiting.SubmitAsync(question, ("otp", code))).Status);
        Assert.Equal("", waiting.Sid);

        var browser = new Browser(links.Site);
        var login = await browser.LoginAsync("alice", password: NewPassword);
        Assert.StartsWith("/login/verify", login.Header("Location"), StringComparison.Ordinal);
        Assert.Equal("", browser.Sid);
        await browser.SubmitAsync(await browser.GetAsync(login.Header("Location")), ("otp", code));
        Assert.NotEqual("", browser.Sid);
    }

    [Fact]
    public async Task EveryOtherLink_IsWorthlessAfterwards()
    {
        await using var links = await LinkSite.StartAsync(["alice", "bob"]);
        var form = await OpenAsync(links);
        await links.AskForResetAsync("alice");
        var second = await links.KeyOfAsync(2);
        await links.AskForLoginLinkAsync("alice");
        var login = await links.KeyOfAsync(3);
        await links.AskForResetAsync("bob");
        var bob = await links.KeyOfAsync(4);

        await SubmitAsync(links, form, NewPassword);

        Assert.Equal(HttpStatusCode.Forbidden, (await links.Site.GetAsync($"{Door}?key={form.Hidden["key"]}")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await links.Site.GetAsync($"{Door}?key={second}")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await links.Site.GetAsync($"/api/method/frappe.www.login.login_via_key?key={login}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await links.Site.GetAsync($"{Door}?key={bob}")).Status);
    }

    [Fact]
    public async Task SentManyTimesAtOnce_SetsOnePassword()
    {
        await using var links = await LinkSite.StartAsync(["alice"]);
        var form = await OpenAsync(links);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => SubmitAsync(links, form, $"{NewPassword} {i}")));

        var winner = Assert.Single(answers.Index(), answer => answer.Item.Status == HttpStatusCode.SeeOther).Index;
        Assert.Equal(HttpStatusCode.OK, (await links.Site.TryLoginAsync("alice", $"{NewPassword} {winner}")).Status);
        Assert.Equal(5, answers.Count(answer => answer.Status == HttpStatusCode.Forbidden));
    }

    [Fact]
    public async Task WeakPassword_IsRefusedAndTheLinkStaysGood()
    {
        await using var links = await LinkSite.StartAsync(["alice"]);
        var form = await OpenAsync(links);

        foreach (var weak in (string[])["", "short", "password password", "alice alice alice alice", new string('x', 2000)])
        {
            var refused = await SubmitAsync(links, form, weak);
            Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
            Assert.Contains("role=\"alert\"", refused.Text, StringComparison.Ordinal);
            Assert.True(weak.Length == 0 || !refused.Text.Contains(weak, StringComparison.Ordinal));
        }

        Assert.Equal(HttpStatusCode.OK, (await links.Site.TryLoginAsync("alice", TestSeed.PasswordOf("alice"))).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await SubmitAsync(links, form, NewPassword)).Status);
    }

    [Fact]
    public async Task OpeningTheLink_ChangesNothing()
    {
        await using var links = await LinkSite.StartAsync(["alice"]);
        var form = await OpenAsync(links);
        var address = $"{Door}?key={form.Hidden["key"]}&new_password={Uri.EscapeDataString(NewPassword)}";

        await links.Site.GetAsync(address);
        await links.Site.SendAsync(HttpMethod.Head, address);

        Assert.Equal(HttpStatusCode.OK, (await links.Site.TryLoginAsync("alice", TestSeed.PasswordOf("alice"))).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await SubmitAsync(links, form, NewPassword)).Status);
    }

    [Fact]
    public async Task LinkOfAnHourAgo_IsWorthless()
    {
        await using var links = await LinkSite.StartAsync(["alice"]);
        var form = await OpenAsync(links);

        links.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(HttpStatusCode.Forbidden, (await links.Site.GetAsync($"{Door}?key={form.Hidden["key"]}")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await SubmitAsync(links, form, NewPassword)).Status);
        Assert.Equal(HttpStatusCode.OK, (await links.Site.TryLoginAsync("alice", TestSeed.PasswordOf("alice"))).Status);
    }

    [Fact]
    public async Task KeyToSignIn_SetsNoPassword()
    {
        await using var links = await LinkSite.StartAsync(["alice"]);
        var form = await OpenAsync(links);
        await links.AskForLoginLinkAsync("alice");
        var other = await links.KeyOfAsync(2);

        Assert.Equal(HttpStatusCode.Forbidden, (await links.Site.GetAsync($"{Door}?key={other}")).Status);
        var answer = await SubmitAsync(links, form with { Hidden = new Dictionary<string, string>(form.Hidden) { ["key"] = other } }, NewPassword);
        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Equal(HttpStatusCode.OK, (await links.Site.TryLoginAsync("alice", TestSeed.PasswordOf("alice"))).Status);
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Cookie", "nothing=here")]
    public async Task FormOfAnotherSite_SetsNoPassword(string header, string value)
    {
        await using var links = await LinkSite.StartAsync(["alice"]);
        var form = await OpenAsync(links);

        var answer = await (header == "Cookie" ? form with { Cookies = value } : form)
            .SubmitAsync(links.Site, new Dictionary<string, string> { ["new_password"] = NewPassword }, header == "Cookie" ? [] : [(header, value)]);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(HttpStatusCode.OK, (await links.Site.TryLoginAsync("alice", TestSeed.PasswordOf("alice"))).Status);
    }

    [Fact]
    public async Task UserNameOfTheForm_DecidesNothing()
    {
        await using var links = await LinkSite.StartAsync(["alice", "bob"]);
        var form = await OpenAsync(links);

        await form.SubmitAsync(links.Site, new Dictionary<string, string> { ["new_password"] = NewPassword, ["usr"] = "bob", ["user"] = "bob" });

        Assert.Equal(HttpStatusCode.OK, (await links.Site.TryLoginAsync("bob", TestSeed.PasswordOf("bob"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await links.Site.TryLoginAsync("alice", NewPassword)).Status);
    }

    [Fact]
    public async Task KeyAndPassword_AreInNoLog()
    {
        await using var links = await LinkSite.StartAsync(["alice"]);
        var form = await OpenAsync(links);
        await SubmitAsync(links, form, "short");
        await SubmitAsync(links, form, NewPassword);
        await SubmitAsync(links, form, NewPassword);

        Assert.Equal(Door, form.Action);
        Assert.Equal("no-referrer", form.Page.Header("Referrer-Policy"));
        Assert.DoesNotContain(links.Site.Logs.Lines, line => line.Contains(form.Hidden["key"], StringComparison.Ordinal) || line.Contains(NewPassword, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Page_AsksForALink()
    {
        await using var links = await LinkSite.StartAsync(["alice"]);
        var form = await PageForm.OpenAsync(links.Site, "/forgot-password");

        var sent = await form.SubmitAsync(links.Site, new Dictionary<string, string> { ["usr"] = "alice" });
        var nobody = await form.SubmitAsync(links.Site, new Dictionary<string, string> { ["usr"] = "nobody" });

        Assert.Equal((HttpStatusCode.SeeOther, "/forgot-password?sent=1"), (sent.Status, sent.Header("Location")));
        Assert.Equal((sent.Status, sent.Header("Location")), (nobody.Status, nobody.Header("Location")));
        Assert.Contains(Door, (await links.Mail.NextMailAsync()).Data, StringComparison.Ordinal);
    }

    private static async Task<PageForm> OpenAsync(LinkSite links)
    {
        await links.AskForResetAsync("alice");
        return await PageForm.OpenAsync(links.Site, $"{Door}?key={await links.KeyOfAsync(1)}");
    }

    private static Task<Answer> SubmitAsync(LinkSite links, PageForm form, string password) =>
        form.SubmitAsync(links.Site, new Dictionary<string, string> { ["new_password"] = password });

    private static Task<Answer> UserOfAsync(LinkSite links, string sid) => links.Site.GetAsync("/api/method/frappe.auth.get_logged_user", Credentials.Sid(sid));
}
