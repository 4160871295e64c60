namespace Microservices.Central.Tests.Factors;

/// <summary>Tenants and roles whose users must have a second factor.</summary>
public sealed class RequiredFactorTests(FactorFixture fixture) : IClassFixture<FactorFixture>
{
    private readonly TestSite _site = fixture.Site;

    [Fact]
    public async Task Api_RefusesWhoHasNone_WithoutASession()
    {
        var answer = await _site.TryLoginAsync("sam", TestSeed.PasswordOf("sam"));

        Assert.Equal((HttpStatusCode.Forbidden, "PermissionError", ""), (answer.Status, answer.ErrorType, answer.Header("Set-Cookie")));
        Assert.Contains("https://site.example/login", answer.Json.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.TryLoginAsync("sam", "wrong")).Status);
    }

    [Fact]
    public async Task Page_LeadsWhoHasNoneThroughTheSetUp_AndAsksFromThenOn()
    {
        var browser = new Browser(_site);
        var first = await browser.LoginAsync("sue", "/account/two-factor");
        Assert.StartsWith("/login/enrol", first.Header("Location"), StringComparison.Ordinal);
        Assert.Equal("", browser.Sid);
        var page = await browser.GetAsync(first.Header("Location"));
        var app = new AuthenticatorApp(TwoFactorPageTests.SecretOf(page), fixture.Clock);

        var wrong = await browser.SubmitAsync(page, ("otp", app.WrongCode()));
        Assert.Equal((HttpStatusCode.BadRequest, ""), (wrong.Status, browser.Sid));
        var done = await browser.SubmitAsync(wrong, ("otp", app.Code()));

        Assert.Equal(10, TwoFactorPageTests.CodesOf(done).Count);
        Assert.Contains("href=\"/account/two-factor\"", done.Text, StringComparison.Ordinal);
        Assert.Equal(64, browser.Sid.Length);
        Assert.Equal("pwd otp mfa", (await fixture.Storage.SqlAsync("select amr from `tabSession` where user_id = 'u-sue'")).Single());
        Assert.True((await _site.TryLoginAsync("sue", TestSeed.PasswordOf("sue"))).Json.TryGetProperty("tmp_id", out _));

        var removal = await browser.SubmitAsync(await browser.GetAsync("/account/two-factor"), ("action", "remove"));
        Assert.Equal(417, (int)removal.Status); // who must have one keeps it
        Assert.True((await _site.TryLoginAsync("sue", TestSeed.PasswordOf("sue"))).Json.TryGetProperty("tmp_id", out _));
    }

    [Fact]
    public async Task RequirementThatIsNew_EndsWhatOneFactorOpened()
    {
        var browser = new Browser(_site);
        await browser.LoginAsync("carol");
        var flow = new CodeFlow(_site);
        var tokens = await flow.ExchangeAsync(await flow.CodeAsync(browser));
        var (refresh, sid) = (tokens.Json.GetProperty("refresh_token").GetString()!, browser.Sid);
        await RequireInGlobexAsync(1);
        try
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await _site.GetAsync("/api/method/frappe.auth.get_logged_user", Credentials.Sid(sid))).Status);
            Assert.False((await _site.IntrospectAsync("orders", sid, "session")).Json.GetProperty("active").GetBoolean());
            Assert.StartsWith("/login?", (await browser.GetAsync("/account")).Header("Location"), StringComparison.Ordinal);
            Assert.Equal("invalid_grant", (await flow.RefreshAsync(refresh)).Error);
        }
        finally
        {
            await RequireInGlobexAsync(0);
        }

        async Task RequireInGlobexAsync(int value) => Assert.Equal(
            HttpStatusCode.OK,
            (await _site.SendAsync(HttpMethod.Put, "/api/resource/Tenant/globex", Body.Text($$"""{"require_second_factor":{{value}}}""", "application/json"), Credentials.Sid(await _site.LoginAsync("root")))).Status);
    }

    [Fact]
    public async Task PasswordAlone_AddsNoFactorToAnAccountThatHasOne()
    {
        // The tenant of this session asks for no second factor; another one of the user does, and would take what is added here.
        var (user, browser) = (fixture.NextUser(), new Browser(_site));
        using var owner = await PasskeyFlow.RegisterAsync(new Browser(_site), user);
        await fixture.JoinAsync(user, "strict");
        var chosen = await browser.LoginAsync(user);
        await browser.SubmitAsync(await browser.GetAsync(chosen.Header("Location")), ("tenant", "acme"));
        Assert.NotEmpty(browser.Sid);

        Assert.Equal(HttpStatusCode.Forbidden, (await browser.PostJsonAsync("/account/passkeys/options", new { })).Status);
        var page = await browser.GetAsync("/account/two-factor");
        Assert.Contains("Sign in again to change this", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"otp\"", page.Text, StringComparison.Ordinal);
        var token = Browser.HiddenFields(await browser.GetAsync("/account/profile"))["csrf_token"];
        foreach (var (path, field, value) in ((string, string, string)[])[("/account/two-factor", "action", "enrol"), ("/account/passkeys/remove", "passkey", "x")])
        {
            var answer = await browser.PostAsync(path, [("csrf_token", token), (field, value)]);
            Assert.StartsWith("/login?", answer.Header("Location"), StringComparison.Ordinal);
        }

        var strong = new Browser(_site);
        var next = await PasskeyFlow.LoginAsync(strong, owner);
        await strong.SubmitAsync(await strong.GetAsync(next.Json.GetProperty("redirect_to").GetString()!), ("tenant", "acme"));
        using var second = new SoftwareAuthenticator();
        Assert.Equal(HttpStatusCode.OK, (await PasskeyFlow.AddAsync(strong, second, "Phone")).Status);
    }

    [Fact]
    public async Task LostFactor_IsTakenAwayByAnAdministrator()
    {
        var (user, root) = (fixture.NextUserWithApp(), new Browser(_site));
        await root.LoginAsync("root");
        Assert.True((await _site.TryLoginAsync(user, TestSeed.PasswordOf(user))).Json.TryGetProperty("tmp_id", out _));

        var answer = await root.FillInAsync($"/admin/users/edit?user=u-{user}", ("action", "factors"));

        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
        Assert.NotNull((await _site.TryLoginAsync(user, TestSeed.PasswordOf(user))).Cookie("sid"));
        Assert.Contains(_site.Logs.Lines, line => line.Contains($"second factors removed ok, user u-root", StringComparison.Ordinal) && line.Contains($"u-{user}", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.BadRequest, (await root.FillInAsync("/admin/users/edit?user=u-root", ("action", "factors"))).Status);
    }

    [Fact]
    public async Task SetUpAtLogin_NeverReplacesAnAppThatIsThere()
    {
        var (thief, owner) = (new Browser(_site), new Browser(_site));
        var begun = await thief.GetAsync((await thief.LoginAsync("sid")).Header("Location"));
        var page = await owner.GetAsync((await owner.LoginAsync("sid")).Header("Location"));
        TwoFactorPageTests.CodesOf(await owner.SubmitAsync(page, ("otp", new AuthenticatorApp(TwoFactorPageTests.SecretOf(page), fixture.Clock).Code())));

        var late = await thief.SubmitAsync(begun, ("otp", new AuthenticatorApp(TwoFactorPageTests.SecretOf(begun), fixture.Clock).Code()));

        Assert.Equal((HttpStatusCode.Unauthorized, ""), (late.Status, thief.Sid));
    }

    [Fact]
    public async Task LoginOfWhoHasAnApp_CannotBeTurnedIntoASetUp()
    {
        var browser = new Browser(_site);
        var verification = await browser.GetAsync((await browser.LoginAsync(fixture.NextUserWithApp())).Header("Location"));

        Assert.StartsWith("/login?", (await browser.GetAsync("/login/enrol")).Header("Location"), StringComparison.Ordinal);
        var sent = await browser.PostAsync("/login/enrol", [.. Browser.HiddenFields(verification).Select(field => (field.Key, field.Value)), ("enrolment", "x"), ("otp", "123456")]);
        Assert.Equal((HttpStatusCode.Unauthorized, ""), (sent.Status, browser.Sid));
    }

    [Fact]
    public async Task RoleThatRequiresOne_IsEnough()
    {
        var manager = await fixture.LoginAsync("gil");
        Assert.Equal(HttpStatusCode.OK, (await RequireAsync(manager, "System Manager", isOn: true)).Status);
        try
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await _site.TryLoginAsync("carol", TestSeed.PasswordOf("carol"))).Status);
            Assert.StartsWith("/login/enrol", (await new Browser(_site).LoginAsync("carol")).Header("Location"), StringComparison.Ordinal);
            Assert.NotNull((await _site.TryLoginAsync("alice", TestSeed.PasswordOf("alice"))).Cookie("sid")); // a role of the same name in another tenant
        }
        finally
        {
            await RequireAsync(manager, "System Manager", isOn: false);
        }

        Assert.NotNull((await _site.TryLoginAsync("carol", TestSeed.PasswordOf("carol"))).Cookie("sid"));
    }

    [Fact]
    public async Task OrdinaryUser_CannotTakeTheRequirementAway()
    {
        var bob = await _site.LoginAsync("bob");

        Assert.Equal(HttpStatusCode.Forbidden, (await RequireAsync(bob, "Sales User", isOn: false)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _site.SendAsync(HttpMethod.Put, "/api/resource/Tenant/strict", Body.Text("""{"require_second_factor":0}""", "application/json"), Credentials.Sid(bob))).Status);
    }

    private Task<Answer> RequireAsync(string sid, string role, bool isOn) => _site.SendAsync(
        HttpMethod.Put, "/api/resource/Role/" + Uri.EscapeDataString(role), Body.Text($$"""{"require_second_factor":{{(isOn ? 1 : 0)}}}""", "application/json"), Credentials.Sid(sid));
}
