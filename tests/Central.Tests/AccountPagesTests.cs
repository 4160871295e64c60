using System.Text.RegularExpressions;

namespace Microservices.Central.Tests;

/// <summary>What users see and change of their own accounts.</summary>
public sealed partial class AccountPagesTests(PeopleFixture fixture) : IClassFixture<PeopleFixture>
{
    private const string Sessions = "/account/sessions";
    private const string Password = "/account/password";
    private const string NewPassword = "seven green bicycles under water";

    private readonly TestSite _site = fixture.Site;
    private readonly string _me = fixture.NextPerson();

    [Fact]
    public async Task Home_TellsWhoIsSignedInAndLeadsOn()
    {
        var page = await (await LoginAsync()).GetAsync("/account");

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains(_me + "@acme.example", page.Text, StringComparison.Ordinal);
        Assert.Contains("1 browser is signed in", page.Text, StringComparison.Ordinal);
        Assert.Contains("aria-current=\"page\">Account</a>", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("/admin", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sessions_AreListedAndEndedOneByOne()
    {
        var (here, there) = (await LoginAsync(), await LoginAsync());

        var page = await here.GetAsync(Sessions);
        Assert.Equal(2, EndButton().Count(page.Text));
        Assert.Single(Regex.Matches(page.Text, "This one"));
        var other = EndButton().Matches(page.Text).Select(match => match.Groups[1].Value).Single(hash => hash != HashOf(here.Sid));
        var answer = await here.FillInAsync(Sessions, ("session", other));

        Assert.Equal((HttpStatusCode.SeeOther, Sessions + "?done=ended"), (answer.Status, answer.Header("Location")));
        Assert.Equal(HttpStatusCode.SeeOther, (await there.GetAsync("/account")).Status);
        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync("/account")).Status);
        Assert.DoesNotContain(here.Sid, page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SessionOfAnotherUser_IsNotEnded()
    {
        var (me, carol) = (await LoginAsync(), await LoginAsync("carol"));

        var answer = await carol.FillInAsync(Sessions, ("session", HashOf(me.Sid)));

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Equal(HttpStatusCode.OK, (await me.GetAsync("/account")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await carol.FillInAsync(Sessions)).Status);
    }

    [Fact]
    public async Task SignOutEverywhere_EndsEveryBrowserAndEveryGrant()
    {
        var tokens = await new CodeFlow(_site).TokensAsync(_me);
        var (here, there) = (await LoginAsync(), await LoginAsync());

        var answer = await here.FillInAsync(Sessions, ("all", "1"));

        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
        Assert.Equal("", here.Sid);
        Assert.Equal(HttpStatusCode.SeeOther, (await there.GetAsync("/account")).Status);
        Assert.Equal("invalid_grant", (await new CodeFlow(_site).RefreshAsync(tokens.Json.GetProperty("refresh_token").GetString()!)).Error);
        Assert.Equal(HttpStatusCode.OK, (await _site.GetAsync("/api/method/auth.whoami", Credentials.Key(TestSeed.PairOf(_me + "-key")))).Status);
    }

    [Fact]
    public async Task Activity_IsTheUsersOwn()
    {
        var (me, other) = (await LoginAsync(), await LoginAsync(fixture.NextPerson()));
        await _site.TryLoginAsync(_me, "a wrong password");

        var mine = await me.GetAsync("/account/activity");

        Assert.Contains("login", mine.Text, StringComparison.Ordinal);
        Assert.Contains("Refused", mine.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Refused", (await other.GetAsync("/account/activity")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Consent_IsListedAndTakenBack()
    {
        var flow = new CodeFlow(_site);
        var tokens = await flow.TokensAsync(_me);
        var me = await LoginAsync();

        var page = await me.GetAsync("/account/consents");
        Assert.Contains("See your e-mail address", page.Text, StringComparison.Ordinal);
        var carol = await LoginAsync("carol");
        var name = ConsentButton().Match(page.Text).Groups[1].Value;
        Assert.Equal(HttpStatusCode.NotFound, (await carol.PostAsync("/account/consents", [("csrf_token", Browser.HiddenFields(await carol.GetAsync(Sessions))["csrf_token"]), ("consent", name)])).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await me.FillInAsync("/account/consents", ("consent", name))).Status);

        Assert.Equal("invalid_grant", (await flow.RefreshAsync(tokens.Json.GetProperty("refresh_token").GetString()!)).Error);
        Assert.Contains("You let no program act for you", (await me.GetAsync("/account/consents")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NewPassword_EndsEverythingButThisVisit()
    {
        var tokens = await new CodeFlow(_site).TokensAsync(_me);
        var (here, there) = (await LoginAsync(), await LoginAsync());
        var before = here.Sid;

        var answer = await here.FillInAsync(Password, PasswordForm(TestSeed.PasswordOf(_me), NewPassword));

        Assert.Equal((HttpStatusCode.SeeOther, Password + "?done=password"), (answer.Status, answer.Header("Location")));
        Assert.NotEqual(before, here.Sid);
        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync("/account")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _site.GetAsync("/api/method/frappe.auth.get_logged_user", Credentials.Sid(before))).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await there.GetAsync("/account")).Status);
        Assert.Equal("invalid_grant", (await new CodeFlow(_site).RefreshAsync(tokens.Json.GetProperty("refresh_token").GetString()!)).Error);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.TryLoginAsync(_me, TestSeed.PasswordOf(_me))).Status);
        Assert.Equal(HttpStatusCode.OK, (await _site.TryLoginAsync(_me, NewPassword)).Status);
    }

    [Theory]
    [InlineData("", NewPassword, NewPassword, HttpStatusCode.BadRequest, "Fill in all three fields")]
    [InlineData(null, NewPassword, NewPassword + "x", HttpStatusCode.BadRequest, "The two new passwords differ")]
    [InlineData(null, "short", "short", HttpStatusCode.BadRequest, "at least 15 characters")]
    [InlineData(null, "acme acme acme acme", "acme acme acme acme", HttpStatusCode.BadRequest, "too easy to guess")]
    [InlineData("wrong one", NewPassword, NewPassword, HttpStatusCode.Unauthorized, "Your current password is another one")]
    public async Task NewPasswordThatCannotBe_IsRefusedBesideTheForm(string? current, string wanted, string repeated, HttpStatusCode status, string message)
    {
        var me = await LoginAsync();

        var answer = await me.FillInAsync(
            Password, ("current_password", current ?? TestSeed.PasswordOf(_me)), ("new_password", wanted), ("repeated_password", repeated));

        Assert.Equal(status, answer.Status);
        Assert.Contains(message, answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("value=\"" + wanted, answer.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await _site.TryLoginAsync(_me, TestSeed.PasswordOf(_me))).Status);
    }

    [Fact]
    public async Task GuessesOfTheCurrentPassword_LockTheAccountLikeThoseOfTheLogin()
    {
        var me = await LoginAsync();
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 6; i++)
        {
            statuses.Add((await me.FillInAsync(Password, PasswordForm($"guess number {i}", NewPassword))).Status);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, statuses[0]);
        Assert.Equal(HttpStatusCode.TooManyRequests, statuses[^1]);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await me.FillInAsync(Password, PasswordForm(TestSeed.PasswordOf(_me), NewPassword))).Status);
    }

    [Theory]
    [InlineData(Password)]
    [InlineData("/account/api-keys/new")]
    public async Task DangerousChange_LeadsToAFreshLoginAndBack(string path)
    {
        var me = await LoginAsync();
        var page = await me.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, page.Status);

        fixture.Clock.Advance(TimeSpan.FromMinutes(11));

        var login = $"/login?redirect-to={Uri.EscapeDataString(path)}&fresh=1";
        Assert.Equal(login, (await me.GetAsync(path)).Header("Location"));
        Assert.Equal(login, (await me.SubmitAsync(page, PasswordForm(TestSeed.PasswordOf(_me), NewPassword))).Header("Location"));
        var back = await me.SubmitAsync(await me.GetAsync(login), ("usr", _me), ("pwd", TestSeed.PasswordOf(_me)));
        Assert.Equal(path, back.Header("Location"));
        Assert.Equal(HttpStatusCode.OK, (await me.GetAsync(path)).Status);
    }

    [Fact]
    public async Task Profile_IsSavedInTheOwnTenantOnly()
    {
        var me = await LoginAsync();

        var answer = await me.FillInAsync(
            "/account/profile", ("full_name", "Bob \"the\" <b>Builder</b>"), ("given_name", "Bob"), ("family_name", "Builder"), ("language", "nl"), ("roles", "Administrator"), ("email", "x@y.example"));

        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
        var page = await me.GetAsync("/account/profile");
        Assert.Contains("value=\"Bob &quot;the&quot; &lt;b&gt;Builder&lt;/b&gt;\"", page.Text, StringComparison.Ordinal);
        Assert.Contains("<option value=\"nl\" selected", page.Text, StringComparison.Ordinal);
        var stored = (await _site.GetAsync("/api/resource/User/" + _me, Credentials.Sid(await _site.LoginAsync("alice")))).Json.GetProperty("data");
        Assert.Equal(("Builder", _me + "@acme.example", 2), (stored.GetProperty("family_name").GetString(), stored.GetProperty("email").GetString(), stored.GetProperty("roles").GetArrayLength()));
    }

    [Theory]
    [InlineData("full_name", "", "Name")]
    [InlineData("language", "xx", "Choose a language")]
    [InlineData("given_name", null, "Given Name")]
    public async Task ProfileThatCannotBe_IsRefusedBesideTheForm(string field, string? value, string message)
    {
        var fields = new Dictionary<string, string> { ["full_name"] = "Bob", ["given_name"] = "", ["family_name"] = "", ["language"] = "" };
        fields[field] = value ?? new string('x', 141);

        var answer = await (await LoginAsync()).FillInAsync("/account/profile", [.. fields.Select(pair => (pair.Key, pair.Value))]);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("role=\"alert\"", answer.Text, StringComparison.Ordinal);
        Assert.Contains(message, answer.Text, StringComparison.Ordinal);
    }

    private static (string, string)[] PasswordForm(string current, string wanted) =>
        [("current_password", current), ("new_password", wanted), ("repeated_password", wanted)];

    private static string HashOf(string sid) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(sid)));

    private Task<Browser> LoginAsync(string? user = null) => fixture.LoginAsync(user ?? _me);

    [GeneratedRegex("name=\"session\" value=\"([0-9a-f]+)\"")]
    private static partial Regex EndButton();

    [GeneratedRegex("name=\"consent\" value=\"([^\"]+)\"")]
    private static partial Regex ConsentButton();
}
