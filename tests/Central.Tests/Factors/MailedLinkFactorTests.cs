using Microservices.Central.Tests.Links;

namespace Microservices.Central.Tests.Factors;

/// <summary>What is mailed is a first factor and no second one; and what happens to second factors is told by mail.</summary>
public sealed class MailedLinkFactorTests
{
    [Fact]
    public async Task LoginLink_StillAsksForTheSecondFactor()
    {
        await using var links = await StartAsync();
        await links.AskForLoginLinkAsync("alice");
        var form = await PageForm.OpenAsync(links.Site, "/api/method/frappe.www.login.login_via_key?key=" + await links.KeyOfAsync(1));

        var answer = await form.SubmitAsync(links.Site);

        Assert.StartsWith("/login/verify", answer.Header("Location"), StringComparison.Ordinal);
        Assert.Null(answer.Cookie("sid"));
        var browser = new Browser(links.Site);
        browser.SetCookie("__Host-login", answer.Cookie("__Host-login")!);
        await browser.SubmitAsync(await browser.GetAsync(answer.Header("Location")), ("otp", AppOf(links).Code()));
        Assert.Equal(64, browser.Sid.Length);
    }

    [Fact]
    public async Task PasswordReset_LeavesTheSecondFactor_AndEndsLoginsThatWait()
    {
        await using var links = await StartAsync();
        var begun = (await links.Site.TryLoginAsync("alice", TestSeed.PasswordOf("alice"))).Json.GetProperty("tmp_id").GetString()!;
        await links.AskForResetAsync("alice");
        var form = await PageForm.OpenAsync(links.Site, "/update-password?key=" + await links.KeyOfAsync(1));

        var answer = await form.SubmitAsync(links.Site, new Dictionary<string, string> { ["new_password"] = "nine lanterns over the harbour" });

        Assert.True(answer.Status == HttpStatusCode.SeeOther, answer.Text);
        Assert.Null(answer.Cookie("sid"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await links.Site.PostFormAsync("/api/method/login", $"tmp_id={begun}&otp={AppOf(links).Code()}")).Status);
        Assert.True((await links.Site.TryLoginAsync("alice", "nine lanterns over the harbour")).Json.TryGetProperty("tmp_id", out _));
    }

    [Fact]
    public async Task Changes_AreToldByMail_WithoutSecrets()
    {
        await using var links = await LinkSite.StartAsync(["bob"]);
        var browser = new Browser(links.Site);
        await browser.LoginAsync("bob");
        var page = await browser.GetAsync("/account/two-factor");
        var codes = TwoFactorPageTests.CodesOf(await browser.SubmitAsync(page, ("otp", new AuthenticatorApp(TwoFactorPageTests.SecretOf(page), links.Clock).Code())));
        await links.Mail.NextMailAsync(1);
        await browser.SubmitAsync(await browser.GetAsync("/account/two-factor"), ("action", "codes"));
        await links.Mail.NextMailAsync(2);
        await browser.SubmitAsync(await browser.GetAsync("/account/two-factor"), ("action", "remove"));
        await links.Mail.NextMailAsync(3);
        using var authenticator = new SoftwareAuthenticator();
        await PasskeyFlow.AddAsync(browser, authenticator);
        await links.Mail.NextMailAsync(4);

        var mails = await links.MailsToAsync("bob@acme.example");

        Assert.Equal(4, mails.Count);
        Assert.All(mails, mail => Assert.Contains("your second factor changed", mail.Head, StringComparison.Ordinal));
        Assert.All(mails, mail => Assert.DoesNotContain(codes[0], mail.Data, StringComparison.Ordinal));
        Assert.Contains("A passkey was added.", mails[3].Data, StringComparison.Ordinal);
    }

    private static AuthenticatorApp AppOf(LinkSite links) => new(FactorFixture.Secret, links.Clock);

    private static Task<LinkSite> StartAsync() => LinkSite.StartAsync(["alice"], settings => settings.Root["users"]![0]!["totp_secret"] = FactorFixture.Secret);
}
