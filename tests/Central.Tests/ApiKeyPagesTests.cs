using System.Text.RegularExpressions;

namespace Microservices.Central.Tests;

/// <summary>API keys on the account pages, and their limits where they are used.</summary>
public sealed partial class ApiKeyPagesTests(PeopleFixture fixture) : IClassFixture<PeopleFixture>
{
    private const string New = "/account/api-keys/new";
    private const string Rotate = "/api/method/central.api_keys.rotate";

    private readonly TestSite _site = fixture.Site;
    private readonly ManualTimeProvider _clock = fixture.Clock;
    private readonly string _me = fixture.NextPerson();

    private string Key => _me + "-key";

    [Fact]
    public async Task NewKey_ShowsItsSecretOnceAndHasItsLimits()
    {
        var me = await LoginAsync();
        var until = _clock.GetUtcNow().UtcDateTime.Date.AddDays(2);

        var (key, secret) = await MakeAsync(me, ("label", "Robot"), ("expires_on", until.ToString("yyyy-MM-dd", null)), ("role-1", "Sales User"));

        var list = await me.GetAsync("/account/api-keys");
        Assert.Contains("Robot", list.Text, StringComparison.Ordinal);
        Assert.Contains(key, list.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, list.Text, StringComparison.Ordinal);
        var who = await WhoAsync($"{key}:{secret}");
        Assert.Equal(["Sales User"], who.Json.GetProperty("message").GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        Assert.Equal("", who.Json.GetProperty("message").GetProperty("scope").GetString());

        _clock.Advance(until - _clock.GetUtcNow().UtcDateTime);

        Assert.Equal(HttpStatusCode.Unauthorized, (await WhoAsync($"{key}:{secret}")).Status);
    }

    [Theory]
    [InlineData("role-0", "Platform Administrator", "You do not have the role Platform Administrator")]
    [InlineData("expires_on", "2020-01-01", "expired already")]
    [InlineData("expires_on", "tomorrow", "The day has the form")]
    [InlineData("allowed_addresses", "192.0.2.7\n<script>", "&lt;script&gt; is neither an address")]
    [InlineData("allowed_addresses", "10.0.0.0/99", "10.0.0.0/99 is neither an address")]
    [InlineData("label", null, "role=\"alert\"")]
    public async Task KeyThatCannotBe_IsRefusedBesideTheForm(string field, string? value, string message)
    {
        var answer = await (await LoginAsync()).FillInAsync(New, (field, value ?? new string('x', 141)));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(message, answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddressList_RefusesUsesFromElsewhereLikeAWrongKey()
    {
        var (key, secret) = await MakeAsync(await LoginAsync(), ("allowed_addresses", "192.0.2.0/24\r\n2001:db8::1"));
        var wrong = await WhoAsync($"{key}:{secret}x", "192.0.2.9");

        Assert.Equal(HttpStatusCode.OK, (await WhoAsync($"{key}:{secret}", "192.0.2.9")).Status);
        Assert.Equal(HttpStatusCode.OK, (await WhoAsync($"{key}:{secret}", "2001:db8::1")).Status);
        Assert.Equal(HttpStatusCode.OK, (await WhoAsync($"{key}:{secret}", "::ffff:192.0.2.9")).Status);
        foreach (var elsewhere in (string?[])["198.51.100.1", "2001:db8::2", null])
        {
            var answer = await WhoAsync($"{key}:{secret}", elsewhere);
            Assert.Equal((HttpStatusCode.Unauthorized, wrong.Json.GetProperty("message").GetString()), (answer.Status, answer.Json.GetProperty("message").GetString()));
        }
    }

    [Theory]
    [InlineData("&client_address=192.0.2.9", true)]
    [InlineData("&client_address=198.51.100.1", false)]
    [InlineData("&client_address=nowhere", false)]
    [InlineData("", false)]
    public async Task AddressList_IsKeptWhenAServiceAsks(string parameter, bool isActive)
    {
        var (key, secret) = await MakeAsync(await LoginAsync(), ("allowed_addresses", "192.0.2.0/24"));

        var answer = await _site.IntrospectAsync("orders", $"{key}:{secret}", "api_key" + parameter);
        var unlimited = await _site.IntrospectAsync("orders", TestSeed.PairOf(Key), "api_key" + parameter);

        Assert.Equal(isActive, answer.Json.GetProperty("active").GetBoolean());
        Assert.True(unlimited.Json.GetProperty("active").GetBoolean());
        Assert.Equal((isActive, false), (isActive && answer.Json.GetProperty("client_address_bound").GetBoolean(), unlimited.Json.GetProperty("client_address_bound").GetBoolean()));
    }

    [Fact]
    public async Task Rotation_LetsTheOldSecretGoOnForAWhile()
    {
        var me = await LoginAsync();
        var (key, first) = await MakeAsync(me);

        var second = SecretIn(await me.FillInAsync(PageOf(key), ("action", "rotate"), ("overlap_hours", "1")));

        Assert.Equal(HttpStatusCode.OK, (await WhoAsync($"{key}:{first}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await WhoAsync($"{key}:{second}")).Status);
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.Unauthorized, (await WhoAsync($"{key}:{first}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await WhoAsync($"{key}:{second}")).Status);
    }

    [Fact]
    public async Task SecondRotation_EndsTheFirstSecretAtOnce()
    {
        var sid = Credentials.Sid(await _site.LoginAsync(_me));
        var key = Key;
        var first = TestSeed.PairOf(key)[(key.Length + 1)..];

        var second = Secret(await _site.PostFormAsync(Rotate, $"api_key={key}&overlap_s=86400", sid));
        Assert.Equal(HttpStatusCode.OK, (await WhoAsync($"{key}:{first}")).Status);
        var third = Secret(await _site.PostFormAsync(Rotate, $"api_key={key}&overlap_s=86400", sid));

        Assert.Equal(HttpStatusCode.Unauthorized, (await WhoAsync($"{key}:{first}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await WhoAsync($"{key}:{second}")).Status);
        var fourth = Secret(await _site.PostFormAsync(Rotate, $"api_key={key}", sid));
        Assert.Equal(HttpStatusCode.Unauthorized, (await WhoAsync($"{key}:{third}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await WhoAsync($"{key}:{fourth}")).Status);

        string Secret(Answer answer) => answer.Json.GetProperty("message").GetProperty("api_secret").GetString()!;
    }

    [Theory]
    [InlineData("api_key=KEY&overlap_s=86401", HttpStatusCode.ExpectationFailed)]
    [InlineData("api_key=KEY&overlap_s=-1", HttpStatusCode.ExpectationFailed)]
    [InlineData("api_key=KEY&overlap_s=99999999999", HttpStatusCode.ExpectationFailed)]
    [InlineData("api_key=missing", HttpStatusCode.NotFound)]
    [InlineData("", HttpStatusCode.NotFound)]
    public async Task RotationThatCannotBe_LeavesTheSecretAsItIs(string form, HttpStatusCode status)
    {
        var sid = Credentials.Sid(await _site.LoginAsync(_me));

        Assert.Equal(status, (await _site.PostFormAsync(Rotate, form.Replace("KEY", Key, StringComparison.Ordinal), sid)).Status);
        Assert.Equal(HttpStatusCode.OK, (await WhoAsync(TestSeed.PairOf(Key))).Status);
    }

    [Fact]
    public async Task Rotation_TakesTheUsersOwnFreshSession()
    {
        var (me, carol) = (await _site.LoginAsync(_me), await _site.LoginAsync("carol"));
        var form = "api_key=" + Key;

        Assert.Equal(HttpStatusCode.NotFound, (await _site.PostFormAsync(Rotate, form, Credentials.Sid(carol))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _site.PostFormAsync(Rotate, form, Credentials.Key(TestSeed.PairOf(Key)))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _site.PostFormAsync(Rotate, form, Credentials.Sid(me), ("Origin", "https://evil.example"))).Status);
        _clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(HttpStatusCode.Forbidden, (await _site.PostFormAsync(Rotate, form, Credentials.Sid(me))).Status);
        Assert.Equal(HttpStatusCode.OK, (await WhoAsync(TestSeed.PairOf(Key))).Status);
    }

    [Fact]
    public async Task StaleRotationOnThePage_LeadsToTheLoginAndBackToTheKey()
    {
        var me = await LoginAsync();
        _clock.Advance(TimeSpan.FromMinutes(11));

        var answer = await me.FillInAsync(PageOf(Key), ("action", "rotate"), ("overlap_hours", "1"));

        Assert.Equal($"/login?redirect-to={Uri.EscapeDataString(PageOf(Key))}&fresh=1", answer.Header("Location"));
        Assert.Equal(HttpStatusCode.OK, (await WhoAsync(TestSeed.PairOf(Key))).Status);
    }

    [Theory]
    [InlineData("25")]
    [InlineData("2147483647")]
    [InlineData("-1")]
    [InlineData("")]
    public async Task OverlapBeyondADay_IsRefusedBesideTheForm(string hours) => Assert.Equal(
        HttpStatusCode.BadRequest, (await (await LoginAsync()).FillInAsync(PageOf(Key), ("action", "rotate"), ("overlap_hours", hours))).Status);

    [Fact]
    public async Task Revocation_CountsAtOnceAndForGood()
    {
        var (me, carol) = (await LoginAsync(), await LoginAsync("carol"));
        var (key, secret) = await MakeAsync(me);
        Assert.Equal(HttpStatusCode.NotFound, (await carol.GetAsync(PageOf(key))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await carol.PostAsync(
            PageOf(key), [("csrf_token", Browser.HiddenFields(await carol.GetAsync("/account/sessions"))["csrf_token"]), ("action", "revoke")])).Status);
        Assert.Equal(HttpStatusCode.OK, (await WhoAsync($"{key}:{secret}")).Status);

        Assert.Equal(HttpStatusCode.SeeOther, (await me.FillInAsync(PageOf(key), ("action", "revoke"))).Status);

        Assert.Equal(HttpStatusCode.Unauthorized, (await WhoAsync($"{key}:{secret}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await me.GetAsync(PageOf(key))).Status);
        var root = Credentials.Sid(await _site.LoginAsync("root"));
        await _site.SendAsync(HttpMethod.Put, "/api/resource/API Key/" + key, Body.Text("""{"enabled":1}""", "application/json"), root);
        Assert.Equal(HttpStatusCode.Unauthorized, (await WhoAsync($"{key}:{secret}")).Status);
    }

    [Fact]
    public async Task Use_IsNotedOnceAMinuteAndAuditedTheFirstTime()
    {
        var pair = TestSeed.PairOf(Key);
        Assert.Null(await LastUsedAsync());

        await WhoAsync(pair);
        var first = await LastUsedAsync();
        _clock.Advance(TimeSpan.FromSeconds(30));
        await _site.IntrospectAsync("orders", pair, "api_key");
        Assert.NotNull(first);
        Assert.Equal(first, await LastUsedAsync());
        _clock.Advance(TimeSpan.FromSeconds(31));
        await _site.IntrospectAsync("orders", pair, "api_key");
        Assert.NotEqual(first, await LastUsedAsync());

        Assert.Single(_site.Logs.Lines, line => line.Contains("API key used first time", StringComparison.Ordinal) && line.Contains(Key, StringComparison.Ordinal));
        await WhoAsync(pair + "x");
        Assert.Equal(HttpStatusCode.OK, (await WhoAsync(pair)).Status);
    }

    [Fact]
    public async Task Key_IsNoClientCredentialAndStandsInNoAddressOrBody()
    {
        var pair = TestSeed.PairOf(Key);
        var (key, secret) = (Key, pair[(Key.Length + 1)..]);

        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.PostFormAsync("/oauth/token", "grant_type=client_credentials", Credentials.Basic(key, secret))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.PostFormAsync("/oauth/introspect", "token=x", Credentials.Key(pair))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.PostFormAsync("/oauth/revoke", "token=x", Credentials.Key(pair))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.GetAsync("/oauth/userinfo", Credentials.Key(pair))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.GetAsync($"/api/method/auth.whoami?api_key={key}&api_secret={secret}")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _site.PostFormAsync("/api/method/frappe.auth.get_logged_user", $"api_key={key}&api_secret={secret}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await _site.GetAsync("/api/method/auth.whoami", ("Authorization", "BASIC " + Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(pair))))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await WhoAsync(pair.Replace("person", "Person", StringComparison.Ordinal).Replace("secret-of-Person", "secret-of-person", StringComparison.Ordinal))).Status);
    }

    private static string PageOf(string key) => "/account/api-keys/edit?key=" + key;

    private static async Task<(string Key, string Secret)> MakeAsync(Browser browser, params (string Name, string Value)[] fields)
    {
        var page = await browser.FillInAsync(New, fields);
        return (KeyOnPage().Match(page.Text).Groups[1].Value, SecretIn(page));
    }

    private static string SecretIn(Answer page)
    {
        Assert.True(page.Status == HttpStatusCode.OK, page.Text);
        Assert.Contains("no-store", page.Header("Cache-Control"), StringComparison.Ordinal);
        return SecretOnPage().Match(page.Text).Groups[1].Value;
    }

    private async Task<string?> LastUsedAsync() =>
        (await _site.GetAsync("/api/resource/API Key/" + Key, Credentials.Sid(await _site.LoginAsync("root")))).Json.GetProperty("data").TryGetProperty("last_used", out var value) ? value.GetString() : null;

    private Task<Answer> WhoAsync(string pair, string? address = null) =>
        _site.GetAsync("/api/method/auth.whoami", address is null ? [Credentials.Key(pair)] : [Credentials.Key(pair), ("X-Forwarded-For", address)]);

    private Task<Browser> LoginAsync(string? user = null) => fixture.LoginAsync(user ?? _me);

    [GeneratedRegex("<dt>Key</dt>\\s*<dd><code>([^<]+)</code>")]
    private static partial Regex KeyOnPage();

    [GeneratedRegex("<dt>Secret</dt>\\s*<dd><code>([^<]+)</code>")]
    private static partial Regex SecretOnPage();
}
