namespace Microservices.Central.Tests.Sessions;

/// <summary>Users of several tenants choose one at login.</summary>
public sealed class TenantChoiceTests(FactorFixture fixture) : IClassFixture<FactorFixture>
{
    private readonly TestSite _site = fixture.Site;

    [Fact]
    public async Task Page_LetsTheUserChoose()
    {
        var (user, browser) = (fixture.NextUser(), new Browser(_site));
        await fixture.JoinAsync(user, "globex");
        var first = await browser.LoginAsync(user, "/account/passkeys");
        Assert.Equal(("/login/tenant?redirect-to=%2Faccount%2Fpasskeys", ""), (first.Header("Location"), browser.Sid));
        var page = await browser.GetAsync(first.Header("Location"));
        Assert.All((string[])["value=\"acme\"", "value=\"globex\""], choice => Assert.Contains(choice, page.Text, StringComparison.Ordinal));
        Assert.DoesNotContain("strict", page.Text, StringComparison.Ordinal);

        var done = await browser.SubmitAsync(page, ("tenant", "globex"));

        Assert.Equal((HttpStatusCode.SeeOther, "/account/passkeys"), (done.Status, done.Header("Location")));
        Assert.Equal("globex", await TenantOfAsync(browser.Sid));
    }

    [Theory]
    [InlineData("strict")]
    [InlineData("platform")]
    [InlineData("nowhere")]
    [InlineData("")]
    [InlineData("Acme")]
    [InlineData("../acme")]
    public async Task TenantOfOthers_IsRefused(string tenant)
    {
        var (user, browser) = (fixture.NextUser(), new Browser(_site));
        await fixture.JoinAsync(user, "globex");
        var page = await browser.GetAsync((await browser.LoginAsync(user)).Header("Location"));

        var answer = await browser.SubmitAsync(page, ("tenant", tenant));

        Assert.Equal((HttpStatusCode.BadRequest, ""), (answer.Status, browser.Sid));
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(answer, ("tenant", "acme"))).Status);
        Assert.Equal("acme", await TenantOfAsync(browser.Sid));
    }

    [Fact]
    public async Task Choice_IsMadeOnce()
    {
        var (user, browser) = (fixture.NextUser(), new Browser(_site));
        await fixture.JoinAsync(user, "globex");
        var page = await browser.GetAsync((await browser.LoginAsync(user)).Header("Location"));
        var (cookie, sent) = (browser.Cookies["__Host-login"], await browser.SubmitAsync(page, ("tenant", "acme")));
        Assert.Equal(HttpStatusCode.SeeOther, sent.Status);

        var again = new Browser(_site);
        var form = Browser.HiddenFields(await again.GetAsync("/login")).Select(field => (field.Key, field.Value)).Append(("tenant", "globex"));
        again.SetCookie("__Host-login", cookie);

        Assert.Equal((HttpStatusCode.Unauthorized, ""), ((await again.PostAsync("/login/tenant", form)).Status, again.Sid));
    }

    [Fact]
    public async Task ChosenTenantThatRequiresASecondFactor_AsksForIt_AndTheOtherDoesNot()
    {
        var user = fixture.NextUser();
        await fixture.JoinAsync(user, "strict");

        async Task<string> NextAsync(string tenant)
        {
            var browser = new Browser(_site);
            return (await browser.SubmitAsync(await browser.GetAsync((await browser.LoginAsync(user)).Header("Location")), ("tenant", tenant))).Header("Location");
        }

        Assert.StartsWith("/login/enrol", await NextAsync("strict"), StringComparison.Ordinal);
        Assert.Equal("/account", await NextAsync("acme"));
    }

    [Fact]
    public async Task SecondFactor_IsAskedAfterTheChoice_AndNotInItsPlace()
    {
        var (user, browser) = (fixture.NextUserWithApp(), new Browser(_site));
        await fixture.JoinAsync(user, "globex");
        var choice = await browser.GetAsync((await browser.LoginAsync(user)).Header("Location"));
        var skipped = await browser.PostAsync("/login/verify", Browser.HiddenFields(choice).Select(field => (field.Key, field.Value)).Append(("otp", fixture.App.Code())));
        Assert.Equal((HttpStatusCode.Unauthorized, ""), (skipped.Status, browser.Sid));

        choice = await browser.GetAsync((await browser.LoginAsync(user)).Header("Location"));
        var verification = await browser.SubmitAsync(choice, ("tenant", "globex"));
        Assert.Equal(("/login/verify?redirect-to=%2Faccount", ""), (verification.Header("Location"), browser.Sid));
        await browser.SubmitAsync(await browser.GetAsync(verification.Header("Location")), ("otp", fixture.App.Code()));

        Assert.Equal("globex", await TenantOfAsync(browser.Sid));
    }

    [Fact]
    public async Task Api_TakesTheTenantByName_AndTheFirstWithoutOne()
    {
        var user = fixture.NextUser();
        await fixture.JoinAsync(user, "globex");

        Assert.Equal("acme", await TenantOfAsync((await LoginAsync(user, "")).Cookie("sid")!));
        Assert.Equal("globex", await TenantOfAsync((await LoginAsync(user, "&tenant=globex")).Cookie("sid")!));
        Assert.Equal("acme", await TenantOfAsync((await LoginAsync(user, "&tenant=acme")).Cookie("sid")!));
        var foreign = await LoginAsync(user, "&tenant=strict");
        Assert.Equal((HttpStatusCode.Forbidden, ""), (foreign.Status, foreign.Header("Set-Cookie")));
        Assert.Equal(Message(foreign.Text), Message((await LoginAsync(user, "&tenant=nowhere")).Text));
    }

    [Fact]
    public async Task ApiLoginOfOneTenant_NamesNoOther()
    {
        Assert.Equal(HttpStatusCode.Forbidden, (await LoginAsync("bob", "&tenant=globex")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.PostFormAsync("/api/method/login", "usr=bob&pwd=wrong&tenant=globex")).Status);
    }

    [Fact]
    public async Task ApiLoginWithAnApp_KeepsTheTenantUntilTheCode()
    {
        var user = fixture.NextUserWithApp();
        await fixture.JoinAsync(user, "globex");
        var tmpId = (await LoginAsync(user, "&tenant=globex")).Json.GetProperty("tmp_id").GetString()!;

        var answer = await _site.PostFormAsync("/api/method/login", $"tmp_id={tmpId}&otp={fixture.App.Code()}&tenant=acme");

        Assert.Equal("globex", await TenantOfAsync(answer.Cookie("sid")!));
    }

    private static string? Message(string text) => JsonDocument.Parse(text).RootElement.GetProperty("message").GetString();

    private Task<Answer> LoginAsync(string user, string more) =>
        _site.PostFormAsync("/api/method/login", $"usr={user}&pwd={Uri.EscapeDataString(TestSeed.PasswordOf(user))}{more}");

    private async Task<string?> TenantOfAsync(string sid) => (await _site.IntrospectAsync("orders", sid, "session")).Json.GetProperty("tenant").GetString();
}
