namespace Microservices.Central.Tests.Factors;

public sealed class VerificationPageTests(FactorFixture fixture) : IClassFixture<FactorFixture>
{
    private readonly TestSite _site = fixture.Site;

    [Fact]
    public async Task LoginWithAnApp_AsksForTheCode_ThenGoesWhereItWasBound()
    {
        var (user, browser) = (fixture.NextUserWithApp(), new Browser(_site));

        var first = await browser.LoginAsync(user, "/account/two-factor?a=1&b=2");
        Assert.Equal((HttpStatusCode.SeeOther, ""), (first.Status, browser.Sid));
        var line = first.CookieLine("__Host-login")!.ToLowerInvariant();
        Assert.All((string[])["httponly", "secure", "samesite=lax", "path=/"], attribute => Assert.Contains(attribute, line, StringComparison.Ordinal));

        var page = await browser.GetAsync(first.Header("Location"));
        Assert.Contains("autocomplete=\"one-time-code\"", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(browser.Cookies["__Host-login"], page.Text, StringComparison.Ordinal);
        var done = await browser.SubmitAsync(page, ("otp", fixture.App.Code()));

        Assert.Equal((HttpStatusCode.SeeOther, "/account/two-factor?a=1&b=2"), (done.Status, done.Header("Location")));
        Assert.Equal(64, browser.Sid.Length);
        Assert.False(browser.Cookies.ContainsKey("__Host-login"));
    }

    [Fact]
    public async Task WrongCode_IsSaid()
    {
        var browser = new Browser(_site);
        var page = await browser.GetAsync((await browser.LoginAsync(fixture.NextUserWithApp())).Header("Location"));

        var answer = await browser.SubmitAsync(page, ("otp", fixture.App.WrongCode()));

        Assert.Equal((HttpStatusCode.Unauthorized, ""), (answer.Status, browser.Sid));
        Assert.Contains("role=\"alert\"", answer.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(answer, ("otp", fixture.App.Code()))).Status);
    }

    [Theory]
    [InlineData("/login/verify")]
    [InlineData("/login/enrol")]
    [InlineData("/login/tenant")]
    public async Task StepWithoutABegunLogin_LeadsToItsBeginning(string step)
    {
        var browser = new Browser(_site);

        var shown = await browser.GetAsync(step + "?redirect-to=%2Faccount%2Ftwo-factor");
        Assert.Equal((HttpStatusCode.SeeOther, "/login?redirect-to=%2Faccount%2Ftwo-factor&fresh=1"), (shown.Status, shown.Header("Location")));

        var login = await browser.GetAsync("/login");
        var sent = await browser.PostAsync(step, [.. Browser.HiddenFields(login).Select(field => (field.Key, field.Value)), ("otp", fixture.App.Code()), ("tenant", "acme"), ("enrolment", "x")]);
        Assert.Equal((HttpStatusCode.Unauthorized, ""), (sent.Status, browser.Sid));
    }

    [Fact]
    public async Task StepOfAnotherBrowser_IsRefused()
    {
        var (user, browser, other) = (fixture.NextUserWithApp(), new Browser(_site), new Browser(_site));
        var page = await browser.GetAsync((await browser.LoginAsync(user)).Header("Location"));
        var foreign = await other.GetAsync("/login");

        var answer = await other.PostAsync("/login/verify", [.. Browser.HiddenFields(foreign).Select(field => (field.Key, field.Value)), ("otp", fixture.App.Code())]);

        Assert.Equal((HttpStatusCode.Unauthorized, ""), (answer.Status, other.Sid));
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(page, ("otp", fixture.App.Code()))).Status);
    }

    [Fact]
    public async Task FormOfAnotherSite_IsRefused()
    {
        var browser = new Browser(_site);
        var page = await browser.GetAsync((await browser.LoginAsync(fixture.NextUserWithApp())).Header("Location"));
        List<(string, string)> fields = [.. Browser.HiddenFields(page).Select(field => (field.Key, field.Value)), ("otp", fixture.App.Code())];

        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync("/login/verify", [("otp", fixture.App.Code())])).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync("/login/verify", fields, ("Origin", "https://evil.example"))).Status);
        Assert.Equal("", browser.Sid);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.PostAsync("/login/verify", fields)).Status);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/%5Cevil.example")]
    public async Task LastStep_LeadsNowhereElse(string redirectTo)
    {
        var browser = new Browser(_site);
        await browser.LoginAsync(fixture.NextUserWithApp());
        var page = await browser.GetAsync("/login/verify?redirect-to=" + Uri.EscapeDataString(redirectTo));
        var fields = Browser.HiddenFields(page).Select(field => (field.Key, field.Value)).Append(("otp", fixture.App.Code()));

        var answer = await browser.PostAsync("/login/verify?redirect-to=" + Uri.EscapeDataString(redirectTo), fields);

        Assert.Equal("/account", answer.Header("Location"));
    }

    [Fact]
    public async Task IdToken_TellsOfTwoFactors()
    {
        var (browser, flow) = (new Browser(_site), new CodeFlow(_site));
        var page = await browser.GetAsync((await browser.LoginAsync(fixture.NextUserWithApp())).Header("Location"));
        await browser.SubmitAsync(page, ("otp", fixture.App.Code()));

        var tokens = await flow.ExchangeAsync(await flow.CodeAsync(browser));

        foreach (var token in (string[])["id_token", "access_token"])
        {
            var claims = Jwt.Claims(tokens.Json.GetProperty(token).GetString()!);
            Assert.Equal("aal2", claims.GetProperty("acr").GetString());
            Assert.Equal(["pwd", "otp", "mfa"], claims.GetProperty("amr").EnumerateArray().Select(method => method.GetString()));
        }
    }

    [Fact]
    public async Task FreshLogin_AsksForTheSecondFactorAgain_AndLeavesTheOldSessionUntilItIsComplete()
    {
        var (user, browser) = (fixture.NextUserWithApp(), new Browser(_site));
        await browser.SubmitAsync(await browser.GetAsync((await browser.LoginAsync(user)).Header("Location")), ("otp", fixture.App.Code()));
        var sid = browser.Sid;

        var again = await browser.LoginAsync(user);

        Assert.StartsWith("/login/verify", again.Header("Location"), StringComparison.Ordinal);
        Assert.Equal(sid, browser.Sid);
    }
}
