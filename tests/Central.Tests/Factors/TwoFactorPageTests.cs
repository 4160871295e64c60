using System.Text.RegularExpressions;

namespace Microservices.Central.Tests.Factors;

public sealed partial class TwoFactorPageTests(FactorFixture fixture) : IClassFixture<FactorFixture>
{
    private const string Path = "/account/two-factor";

    private readonly TestSite _site = fixture.Site;

    [Fact]
    public async Task AppThatIsSetUp_IsAskedForAtTheNextLogin()
    {
        var (user, browser) = (fixture.NextUser(), new Browser(_site));
        await browser.LoginAsync(user);
        var page = await browser.GetAsync(Path);
        var app = new AuthenticatorApp(SecretOf(page), fixture.Clock);

        var codes = CodesOf(await browser.SubmitAsync(page, ("otp", app.Code())));

        Assert.Equal((10, 10), (codes.Count, codes.Distinct().Count()));
        var tmpId = await fixture.BeginAsync(user);
        Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.AnswerAsync(tmpId, app.Code())).Status); // it proved the app, and was used by that
        Assert.Equal(HttpStatusCode.OK, (await fixture.AnswerAsync(tmpId, app.Code(1))).Status);
    }

    [Theory]
    [InlineData("app")]
    [InlineData("passkey")]
    public async Task FirstFactor_GivesTheSessionANewSid_AndTheOldOneIsDead(string factor)
    {
        var (user, browser) = (fixture.NextUser(), new Browser(_site));
        await browser.LoginAsync(user);
        var before = browser.Sid;
        using var authenticator = new SoftwareAuthenticator();

        if (factor == "app")
        {
            var page = await browser.GetAsync(Path);
            CodesOf(await browser.SubmitAsync(page, ("otp", new AuthenticatorApp(SecretOf(page), fixture.Clock).Code())));
        }
        else
        {
            Assert.Equal(HttpStatusCode.OK, (await PasskeyFlow.AddAsync(browser, authenticator)).Status);
        }

        Assert.NotEqual(before, browser.Sid);
        Assert.Equal(HttpStatusCode.Forbidden, (await _site.GetAsync("/api/method/frappe.auth.get_logged_user", Credentials.Sid(before))).Status);
        Assert.Equal(HttpStatusCode.OK, (await _site.GetAsync("/api/method/frappe.auth.get_logged_user", Credentials.Sid(browser.Sid))).Status);
        Assert.EndsWith(" mfa", (await fixture.Storage.SqlAsync($"select amr from `tabSession` where user_id = 'u-{user}'")).Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SetUpPage_HoldsNothingThatTheContentPolicyStops()
    {
        var browser = new Browser(_site);
        await browser.LoginAsync(fixture.NextUser());

        var page = await browser.GetAsync(Path);

        Assert.Contains("<svg", page.Text, StringComparison.Ordinal);
        Assert.All((string[])["style=", "data:", "<style", "onclick"], text => Assert.DoesNotContain(text, page.Text, StringComparison.OrdinalIgnoreCase));
        Assert.StartsWith("no-store", page.Header("Cache-Control"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LookingAtThePage_ChangesNothing()
    {
        var (user, browser) = (fixture.NextUser(), new Browser(_site));
        await browser.LoginAsync(user);

        Assert.NotEqual(SecretOf(await browser.GetAsync(Path)), SecretOf(await browser.GetAsync(Path)));

        Assert.NotNull((await _site.TryLoginAsync(user, TestSeed.PasswordOf(user))).Cookie("sid"));
    }

    [Fact]
    public async Task WrongCode_SetsNothingUp_AndShowsTheSameKeyAgain()
    {
        var (user, browser) = (fixture.NextUser(), new Browser(_site));
        await browser.LoginAsync(user);
        var page = await browser.GetAsync(Path);

        var wrong = await browser.SubmitAsync(page, ("otp", new AuthenticatorApp(SecretOf(page), fixture.Clock).WrongCode()));

        Assert.Equal((HttpStatusCode.BadRequest, SecretOf(page)), (wrong.Status, SecretOf(wrong)));
        Assert.Contains("role=\"alert\"", wrong.Text, StringComparison.Ordinal);
        Assert.NotNull((await _site.TryLoginAsync(user, TestSeed.PasswordOf(user))).Cookie("sid"));
    }

    [Fact]
    public async Task KeyOfAnotherUser_IsNotTaken()
    {
        var (mine, theirs) = (new Browser(_site), new Browser(_site));
        await mine.LoginAsync(fixture.NextUser());
        await theirs.LoginAsync(fixture.NextUser());
        var foreign = await theirs.GetAsync(Path);

        var answer = await mine.SubmitAsync(
            await mine.GetAsync(Path), ("enrolment", Browser.HiddenFields(foreign)["enrolment"]), ("otp", new AuthenticatorApp(SecretOf(foreign), fixture.Clock).Code()));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
    }

    [Fact]
    public async Task Change_TakesALoginOfTheLastTenMinutes()
    {
        var (user, browser) = (fixture.NextUser(), new Browser(_site));
        await browser.LoginAsync(user);
        var young = await browser.GetAsync(Path);
        fixture.Clock.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(1));

        var old = await browser.GetAsync(Path);
        Assert.DoesNotContain("totp-secret", old.Text, StringComparison.Ordinal);
        foreach (var action in (string[])["enrol", "codes", "remove"])
        {
            var answer = await browser.SubmitAsync(young, ("action", action), ("otp", new AuthenticatorApp(SecretOf(young), fixture.Clock).Code()));
            Assert.Equal((HttpStatusCode.SeeOther, "/login?redirect-to=%2Faccount%2Ftwo-factor&fresh=1"), (answer.Status, answer.Header("Location")));
        }

        Assert.NotNull((await _site.TryLoginAsync(user, TestSeed.PasswordOf(user))).Cookie("sid"));
    }

    [Fact]
    public async Task Removal_EndsAppAndRecoveryCodes()
    {
        var (user, browser) = (fixture.NextUser(), new Browser(_site));
        await SetUpAsync(browser, user);

        var answer = await browser.SubmitAsync(await browser.GetAsync(Path), ("action", "remove"));

        Assert.Equal((HttpStatusCode.SeeOther, Path), (answer.Status, answer.Header("Location")));
        Assert.NotNull((await _site.TryLoginAsync(user, TestSeed.PasswordOf(user))).Cookie("sid"));
        Assert.Empty(await fixture.Storage.SqlAsync($"select name from `tabRecovery Code` where user_id = 'u-{user}'"));
    }

    [Fact]
    public async Task AnotherApp_TakesThePlaceOfTheFirst()
    {
        var (user, browser) = (fixture.NextUser(), new Browser(_site));
        var (first, oldCodes) = await SetUpAsync(browser, user);
        var page = await browser.GetAsync(Path + "?replace=1");
        var second = new AuthenticatorApp(SecretOf(page), fixture.Clock);
        CodesOf(await browser.SubmitAsync(page, ("otp", second.Code())));

        var tmpId = await fixture.BeginAsync(user);
        Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.AnswerAsync(tmpId, first.Code(1))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.AnswerAsync(tmpId, oldCodes[0])).Status);
        Assert.Equal(HttpStatusCode.OK, (await fixture.AnswerAsync(tmpId, second.Code(1))).Status);
    }

    [Fact]
    public async Task RecoveryCode_SignsInOnce_HoweverItIsTyped()
    {
        var (user, browser) = (fixture.NextUser(), new Browser(_site));
        var (_, codes) = await SetUpAsync(browser, user);

        Assert.Equal(HttpStatusCode.OK, (await fixture.AnswerAsync(await fixture.BeginAsync(user), codes[0])).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.AnswerAsync(await fixture.BeginAsync(user), codes[0])).Status);
        Assert.Equal(HttpStatusCode.OK, (await fixture.AnswerAsync(await fixture.BeginAsync(user), $" {codes[1].Replace("-", "", StringComparison.Ordinal).ToUpperInvariant()} ")).Status);
        Assert.Contains("<strong id=\"codes-left\">8</strong>", (await browser.GetAsync(Path)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RecoveryCodeOfAnotherUser_IsRefused()
    {
        var (mine, theirs) = (fixture.NextUser(), fixture.NextUser());
        await SetUpAsync(new Browser(_site), mine);
        var (_, foreign) = await SetUpAsync(new Browser(_site), theirs);

        Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.AnswerAsync(await fixture.BeginAsync(mine), foreign[0])).Status);
        Assert.Equal(HttpStatusCode.OK, (await fixture.AnswerAsync(await fixture.BeginAsync(theirs), foreign[0])).Status);
    }

    [Fact]
    public async Task OneRecoveryCodeAtOnce_OpensOneSession()
    {
        var user = fixture.NextUser();
        var (_, codes) = await SetUpAsync(new Browser(_site), user);
        string[] logins = [.. await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => fixture.BeginAsync(user)))];

        var answers = await Task.WhenAll(logins.Select((tmpId, i) => fixture.AnswerAsync(tmpId, codes[3], i % 2 == 0 ? _site : fixture.Other)));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task NewRecoveryCodes_EndTheOldOnes()
    {
        var (user, browser) = (fixture.NextUser(), new Browser(_site));
        var (_, old) = await SetUpAsync(browser, user);

        var codes = CodesOf(await browser.SubmitAsync(await browser.GetAsync(Path), ("action", "codes")));

        var tmpId = await fixture.BeginAsync(user);
        Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.AnswerAsync(tmpId, old[5])).Status);
        Assert.Equal(HttpStatusCode.OK, (await fixture.AnswerAsync(tmpId, codes[5])).Status);
    }

    [Fact]
    public async Task RecoveryCodes_AreKeptAsHashesOnly()
    {
        var user = fixture.NextUser();
        var (_, codes) = await SetUpAsync(new Browser(_site), user);

        var stored = await fixture.Storage.SqlAsync($"select name from `tabRecovery Code` where user_id = 'u-{user}'");

        Assert.Equal(10, stored.Count);
        Assert.All(stored, name => Assert.Matches("^[0-9a-f]{64}$", name));
        Assert.All(codes, code => Assert.DoesNotContain(code.Replace("-", "", StringComparison.Ordinal), string.Concat(stored), StringComparison.Ordinal));
    }

    [Fact]
    public async Task UnknownAction_OrCodesWithoutAnApp_AreRefused()
    {
        var browser = new Browser(_site);
        await browser.LoginAsync(fixture.NextUser());
        var page = await browser.GetAsync(Path);

        Assert.Equal(417, (int)(await browser.SubmitAsync(page, ("action", "codes"))).Status);
        Assert.Equal(417, (int)(await browser.SubmitAsync(page, ("action", ""))).Status);
    }

    [Fact]
    public async Task Visitor_IsLedToTheLogin() => Assert.Equal("/login?redirect-to=%2Faccount%2Ftwo-factor", (await new Browser(_site).GetAsync(Path)).Header("Location"));

    [Fact]
    public async Task Changes_AreAudited_WithoutSecrets()
    {
        var (user, browser) = (fixture.NextUser(), new Browser(_site));
        await browser.LoginAsync(user);
        var page = await browser.GetAsync(Path);
        var codes = CodesOf(await browser.SubmitAsync(page, ("otp", new AuthenticatorApp(SecretOf(page), fixture.Clock).Code())));
        await browser.SubmitAsync(await browser.GetAsync(Path), ("action", "remove"));

        var log = string.Join('\n', _site.Logs.Lines);
        Assert.Contains($"Audit: authenticator app set up ok, user u-{user}", log, StringComparison.Ordinal);
        Assert.Contains($"Audit: authenticator app removed ok, user u-{user}", log, StringComparison.Ordinal);
        Assert.DoesNotContain(SecretOf(page).Replace(" ", "", StringComparison.Ordinal), log, StringComparison.Ordinal);
        Assert.DoesNotContain(codes[0], log, StringComparison.Ordinal);
    }

    private async Task<(AuthenticatorApp App, IReadOnlyList<string> Codes)> SetUpAsync(Browser browser, string user)
    {
        await browser.LoginAsync(user);
        var page = await browser.GetAsync(Path);
        var app = new AuthenticatorApp(SecretOf(page), fixture.Clock);
        return (app, CodesOf(await browser.SubmitAsync(page, ("otp", app.Code()))));
    }

    internal static string SecretOf(Answer page)
    {
        Assert.True(page.Text.Contains("totp-secret", StringComparison.Ordinal), page.Text);
        return Secret().Match(page.Text).Groups[1].Value;
    }

    internal static IReadOnlyList<string> CodesOf(Answer page)
    {
        Assert.True(page.Text.Contains("recovery-codes", StringComparison.Ordinal), page.Text);
        return [.. Codes().Matches(page.Text).Select(match => match.Groups[1].Value)];
    }

    [GeneratedRegex("<code id=\"totp-secret\">([A-Z2-7 ]+)</code>")]
    private static partial Regex Secret();

    [GeneratedRegex("<li><code>([a-z2-7-]+)</code></li>")]
    private static partial Regex Codes();
}
