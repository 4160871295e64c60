using Microservices.Central.Tests.Links;

namespace Microservices.Central.Tests;

/// <summary>What users are told by mail when their accounts change, or are made.</summary>
public sealed class AccountMailTests
{
    private const string NewPassword = "seven green bicycles under water";

    [Fact]
    public async Task NewPasswordOnThePage_IsToldByMailAndMakesLinksWorthless()
    {
        await using var links = await LinkSite.StartAsync(["alice"]);
        await links.AskForResetAsync("alice");
        var key = await links.KeyOfAsync(1);
        var browser = new Browser(links.Site);
        await browser.LoginAsync("alice");

        await browser.FillInAsync("/account/password", ("current_password", TestSeed.PasswordOf("alice")), ("new_password", NewPassword), ("repeated_password", NewPassword));

        Assert.Contains("your password changed", (await links.Mail.NextMailAsync(2)).Head, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await links.Site.GetAsync("/update-password?key=" + key)).Status);
    }

    [Fact]
    public async Task UserMadeWithoutAPassword_ChoosesOneByTheLinkOfAMail()
    {
        await using var links = await LinkSite.StartAsync(["alice"]);
        var manager = new Browser(links.Site);
        await manager.LoginAsync("alice");

        Assert.Equal(HttpStatusCode.SeeOther, (await manager.FillInAsync("/manage/users/new", ("email", "eve@acme.example"), ("full_name", "Eve"))).Status);

        var key = await links.KeyOfAsync(1);
        var eve = new Browser(links.Site);
        var page = await eve.GetAsync("/update-password?key=" + key);
        Assert.Equal(HttpStatusCode.SeeOther, (await eve.SubmitAsync(page, ("new_password", NewPassword))).Status);
        Assert.Equal(HttpStatusCode.OK, (await links.Site.TryLoginAsync("eve@acme.example", NewPassword)).Status);
    }

    [Fact]
    public async Task LoginFromABrowserThatIsNewToTheUser_IsToldByMail_AndFromAKnownOneNotAgain()
    {
        await using var links = await LinkSite.StartAsync(["alice", "bob"]);
        var browser = new Browser(links.Site);

        await browser.LoginAsync("alice");
        await Wait.UntilAsync(() => links.Mail.NewDeviceMails.Count == 1, "the mail came");
        await browser.LoginAsync("alice");
        await browser.LoginAsync("bob");
        await Wait.UntilAsync(() => links.Mail.NewDeviceMails.Count == 2, "the other user's mail came");

        Assert.Equal(["alice@acme.example", "bob@acme.example"], links.Mail.NewDeviceMails.Select(mail => mail.To));
    }

    [Fact]
    public async Task RefreshTokenThatIsUsedTwice_IsToldByMail()
    {
        await using var links = await LinkSite.StartAsync(["alice"]);
        var flow = new CodeFlow(links.Site);
        var token = (await flow.TokensAsync("alice")).Json.GetProperty("refresh_token").GetString()!;
        await flow.RefreshAsync(token);

        await flow.RefreshAsync(token);

        var mail = await links.Mail.NextMailAsync(1);
        Assert.Contains("access was withdrawn", mail.Head, StringComparison.Ordinal);
        Assert.DoesNotContain(token, mail.Data, StringComparison.Ordinal);
    }
}
