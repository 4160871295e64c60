using System.Buffers.Text;
using System.Text;
using System.Text.RegularExpressions;

namespace Microservices.Central.Tests.Passkeys;

public sealed partial class PasskeyRegistrationTests(FactorFixture fixture) : IClassFixture<FactorFixture>
{
    private const string Path = "/account/passkeys";

    private readonly TestSite _site = fixture.Site;

    [Fact]
    public async Task Options_SayNothingOfThePersonButTheNameToShow()
    {
        var (user, browser) = (fixture.NextUser(), new Browser(_site));
        await browser.LoginAsync(user);

        var options = await PasskeyFlow.OptionsAsync(browser, Path + "/options");

        var handle = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(options.GetProperty("user").GetProperty("id").GetString()!));
        Assert.Equal(43, handle.Length);
        Assert.DoesNotContain(user, handle, StringComparison.Ordinal);
        Assert.Equal(options.GetProperty("user").GetProperty("id").GetString(), (await PasskeyFlow.OptionsAsync(browser, Path + "/options")).GetProperty("user").GetProperty("id").GetString());
        Assert.Equal(("site.example", user), (options.GetProperty("rp").GetProperty("id").GetString(), options.GetProperty("user").GetProperty("name").GetString()));
        var selection = options.GetProperty("authenticatorSelection");
        Assert.Equal(("required", "required"), (selection.GetProperty("userVerification").GetString(), selection.GetProperty("residentKey").GetString()));
    }

    [Fact]
    public async Task AddedPasskey_IsListed_AndEndsWhenItIsRemoved()
    {
        var (user, browser) = (fixture.NextUser(), new Browser(_site));
        using var authenticator = await PasskeyFlow.RegisterAsync(browser, user, "My <b>key</b>");
        var page = await browser.GetAsync(Path);
        Assert.Contains("My &lt;b&gt;key&lt;/b&gt;", page.Text, StringComparison.Ordinal);

        var removed = await browser.SubmitAsync(page, ("passkey", NameIn(page)));

        Assert.Equal((HttpStatusCode.SeeOther, Path), (removed.Status, removed.Header("Location")));
        Assert.DoesNotContain("id=\"passkeys\"", (await browser.GetAsync(Path)).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await PasskeyFlow.LoginAsync(new Browser(_site), authenticator)).Status);
    }

    [Fact]
    public async Task PasskeyOfAnotherUser_CannotBeRemoved()
    {
        var (mine, theirs) = (new Browser(_site), new Browser(_site));
        using var authenticator = await PasskeyFlow.RegisterAsync(theirs, fixture.NextUser());
        using var own = await PasskeyFlow.RegisterAsync(mine, fixture.NextUser());

        var answer = await mine.SubmitAsync(await mine.GetAsync(Path), ("passkey", NameIn(await theirs.GetAsync(Path))));

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Equal(HttpStatusCode.OK, (await PasskeyFlow.LoginAsync(new Browser(_site), authenticator)).Status);
    }

    [Theory]
    [InlineData("wrong origin")]
    [InlineData("wrong rp id")]
    [InlineData("user not verified")]
    [InlineData("user not present")]
    public async Task AttestationThatSaysOtherwise_IsRefused(string attack)
    {
        var (user, browser) = (fixture.NextUser(), new Browser(_site));
        await browser.LoginAsync(user);
        using var authenticator = new SoftwareAuthenticator
        {
            Origin = attack == "wrong origin" ? "https://evil.example" : "https://site.example",
            RpId = attack == "wrong rp id" ? "evil.example" : "site.example",
            IsUserVerified = attack != "user not verified",
            IsUserPresent = attack != "user not present",
        };

        Assert.Equal(417, (int)(await PasskeyFlow.AddAsync(browser, authenticator)).Status);
        Assert.Empty(await fixture.Storage.SqlAsync($"select name from tabPasskey where user_id = 'u-{user}'"));
    }

    [Fact]
    public async Task CredentialOfAnotherUser_IsNotRegisteredAgain()
    {
        using var authenticator = await PasskeyFlow.RegisterAsync(new Browser(_site), fixture.NextUser());
        var handle = authenticator.UserHandle;
        var thief = new Browser(_site);
        await thief.LoginAsync(fixture.NextUser());

        Assert.Equal(417, (int)(await PasskeyFlow.AddAsync(thief, authenticator)).Status);
        authenticator.UserHandle = handle;
        Assert.Equal(HttpStatusCode.OK, (await PasskeyFlow.LoginAsync(new Browser(_site), authenticator)).Status);
    }

    [Fact]
    public async Task AnswerToTheOptionsOfAnotherUser_IsRefused()
    {
        var (mine, theirs) = (new Browser(_site), new Browser(_site));
        await mine.LoginAsync(fixture.NextUser());
        await theirs.LoginAsync(fixture.NextUser());
        using var authenticator = new SoftwareAuthenticator();
        var credential = authenticator.Create(await PasskeyFlow.OptionsAsync(theirs, Path + "/options"));
        mine.SetCookie("__Host-passkey", theirs.Cookies["__Host-passkey"]);

        Assert.Equal(417, (int)(await mine.PostJsonAsync(Path, new { credential, name = "x" })).Status);
    }

    [Fact]
    public async Task ReplayedAnswer_IsRefused()
    {
        var browser = new Browser(_site);
        await browser.LoginAsync(fixture.NextUser());
        using var authenticator = new SoftwareAuthenticator();
        var credential = authenticator.Create(await PasskeyFlow.OptionsAsync(browser, Path + "/options"));
        var cookie = browser.Cookies["__Host-passkey"];
        Assert.Equal(HttpStatusCode.OK, (await browser.PostJsonAsync(Path, new { credential, name = "x" })).Status);

        browser.SetCookie("__Host-passkey", cookie);
        Assert.Equal(417, (int)(await browser.PostJsonAsync(Path, new { credential, name = "x" })).Status);
    }

    [Fact]
    public async Task Change_TakesALoginOfTheLastTenMinutes()
    {
        var browser = new Browser(_site);
        using var first = await PasskeyFlow.RegisterAsync(browser, fixture.NextUser());
        var (young, options) = (await browser.GetAsync(Path), await PasskeyFlow.OptionsAsync(browser, Path + "/options"));
        using var authenticator = new SoftwareAuthenticator();
        fixture.Clock.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(1));

        Assert.DoesNotContain("passkey-add", (await browser.GetAsync(Path)).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.PostJsonAsync(Path + "/options", new { })).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.PostJsonAsync(Path, new { credential = authenticator.Create(options), name = "x" })).Status);
        Assert.Equal("/login?redirect-to=%2Faccount%2Fpasskeys&fresh=1", (await browser.SubmitAsync(young, ("passkey", NameIn(young)))).Header("Location"));
        Assert.Equal(HttpStatusCode.OK, (await PasskeyFlow.LoginAsync(new Browser(_site), first)).Status);
    }

    [Theory]
    [InlineData(Path)]
    [InlineData(Path + "/options")]
    public async Task Registration_TakesASessionOfThisSite(string path)
    {
        var sid = await _site.LoginAsync("bob");

        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.PostJsonAsync(path, new { })).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _site.PostJsonAsync(path, new { }, Credentials.Key(TestSeed.PairOf("bob-key")))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _site.PostJsonAsync(path, new { }, Credentials.Sid(sid), ("Origin", "https://evil.example"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _site.PostJsonAsync(path, new { }, Credentials.Sid(sid), ("X-Frappe-CSRF-Token", "wrong"))).Status);
    }

    [Fact]
    public async Task OnlyPasskeyOfWhoMustHaveASecondFactor_IsKept()
    {
        var (user, browser) = (fixture.NextUser(), new Browser(_site));
        using var authenticator = await PasskeyFlow.RegisterAsync(browser, user);
        await fixture.JoinAsync(user, "strict");
        var page = await browser.GetAsync(Path);

        Assert.Equal(417, (int)(await browser.SubmitAsync(page, ("passkey", NameIn(page)))).Status);
        Assert.Equal("/login/tenant?redirect-to=%2Faccount", (await PasskeyFlow.LoginAsync(new Browser(_site), authenticator)).Json.GetProperty("redirect_to").GetString());
    }

    [Fact]
    public async Task Challenge_IsKeptEncrypted()
    {
        var browser = new Browser(_site);
        await browser.LoginAsync(fixture.NextUser());

        var challenge = (await PasskeyFlow.OptionsAsync(browser, Path + "/options")).GetProperty("challenge").GetString()!;

        var stored = await fixture.Storage.SqlAsync("select state from `tabPasskey Challenge`");
        Assert.NotEmpty(stored);
        Assert.All(stored, state => Assert.DoesNotContain(challenge, Encoding.Latin1.GetString(Convert.FromBase64String(state)), StringComparison.Ordinal));
        Assert.DoesNotContain(browser.Cookies["__Host-passkey"], await fixture.Storage.SqlAsync("select name from `tabPasskey Challenge`"));
    }

    private static string NameIn(Answer page) => Name().Match(page.Text).Groups[1].Value;

    [GeneratedRegex("name=\"passkey\" value=\"([0-9a-f]{64})\"")]
    private static partial Regex Name();
}
