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
}
