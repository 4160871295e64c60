namespace Microservices.Central.Tests;

public sealed class LoginTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    private readonly TestSite _site = fixture.Site;

    private static string Password => TestSeed.PasswordOf("alice");

    [Fact]
    public async Task RightPassword_OpensASession()
    {
        var answer = await _site.TryLoginAsync("alice", Password);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("no-store", answer.Header("Cache-Control"));
        Assert.Equal(("Logged In", "The alice"), (answer.Json.GetProperty("message").GetString(), answer.Json.GetProperty("full_name").GetString()));
        Assert.True(answer.Json.TryGetProperty("home_page", out _));
        Assert.True(answer.Json.TryGetProperty("csrf_token", out _));
        Assert.Equal(64, answer.Cookie("sid")!.Length);
        Assert.Equal("""{"message":"alice"}""", (await LoggedUserAsync(answer.Cookie("sid")!)).Text);
    }

    [Fact]
    public async Task Cookies_AreForThisSiteOverHttpsAndTheSidForNoScript()
    {
        var answer = await _site.TryLoginAsync("alice", Password);

        var sid = answer.CookieLine("sid")!.ToLowerInvariant();
        Assert.All((string[])["httponly", "secure", "samesite=lax", "path=/"], attribute => Assert.Contains(attribute, sid, StringComparison.Ordinal));
        Assert.DoesNotContain("domain", sid, StringComparison.Ordinal);
        Assert.Equal(("yes", "The%20alice", "alice"), (answer.Cookie("system_user"), answer.Cookie("full_name"), answer.Cookie("user_id")));
        Assert.DoesNotContain("httponly", answer.CookieLine("full_name")!, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("ALICE")]
    [InlineData(" alice ")]
    [InlineData("alice@acme.example")]
    [InlineData("Alice@Acme.Example")]
    public async Task UserNameOrAddress_InAnyCase_SignsIn(string name) => Assert.Equal(HttpStatusCode.OK, (await _site.TryLoginAsync(name, Password)).Status);

    [Theory]
    [InlineData("application/json", """{"usr":"alice","pwd":"a long winding road of alice"}""")]
    [InlineData("application/json; charset=utf-8", """{"usr":"alice","pwd":"a long winding road of alice","device":"mobile","otp":null}""")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"usr\"\r\n\r\nalice\r\n--b\r\nContent-Disposition: form-data; name=\"pwd\"\r\n\r\na long winding road of alice\r\n--b--\r\n")]
    public async Task EveryFormOfBody_IsRead(string type, string body) =>
        Assert.Equal(HttpStatusCode.OK, (await _site.SendAsync(HttpMethod.Post, "/api/method/login", Body.Text(body, type))).Status);

    [Fact]
    public async Task TextPlainJson_IsForPagesOfTheSiteOnly()
    {
        const string body = """{"usr":"alice","pwd":"a long winding road of alice"}""";

        Assert.Equal(HttpStatusCode.OK, (await _site.SendAsync(HttpMethod.Post, "/api/method/login", Body.Text(body, "text/plain"), ("Origin", "https://site.example"))).Status);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await _site.SendAsync(HttpMethod.Post, "/api/method/login", Body.Text(body, "text/plain"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _site.SendAsync(HttpMethod.Post, "/api/method/login", Body.Text(body, "text/plain"), ("Origin", "https://evil.example"))).Status);
    }

    [Fact]
    public async Task UnknownUserWrongPasswordAndDisabledUser_AnswerByteForByteAlike()
    {
        Answer[] answers =
        [
            await _site.TryLoginAsync("alice", "wrong"),
            await _site.TryLoginAsync("nobody", "wrong"),
            await _site.TryLoginAsync("dave", TestSeed.PasswordOf("dave")),
            await _site.TryLoginAsync("dave", "wrong"),
            await _site.TryLoginAsync("nobody@acme.example", Password),
            await _site.TryLoginAsync("alice", new string('x', 1025)),
            await _site.TryLoginAsync(new string('a', 500), "wrong"),
            await _site.TryLoginAsync("u-alice", Password),
            await _site.TryLoginAsync("al\u00efce", Password),
            await _site.TryLoginAsync("alice'--", Password),
        ];
        await _site.LoginAsync("alice"); // clears the count of failures

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.Unauthorized, "AuthenticationError", "Invalid login credentials"), (answer.Status, answer.ErrorType, answer.Json.GetProperty("message").GetString())));
        Assert.Single(answers.Select(answer => answer.Text).Distinct());
        Assert.All(answers, answer => Assert.Null(answer.CookieLine("sid")));
        Assert.Single(answers.Select(answer => string.Join(",", answer.Headers.Keys.Order())).Distinct());
    }

    [Theory]
    [InlineData("usr=alice")]
    [InlineData("usr=&pwd=x")]
    [InlineData("")]
    [InlineData("cmd=login")]
    public async Task IncompleteDetails_Return401(string form) =>
        Assert.Equal((HttpStatusCode.Unauthorized, "AuthenticationError"), await _site.PostFormAsync("/api/method/login", form) is var answer ? (answer.Status, answer.ErrorType) : default);

    [Theory]
    [InlineData("application/json", "[1]")]
    [InlineData("application/json", "{")]
    [InlineData("application/json", "")]
    [InlineData("application/json", """{"usr":"alice","usr":"bob","pwd":"x"}""")]
    [InlineData("application/x-www-form-urlencoded", "usr=alice&usr=bob&pwd=x")]
    [InlineData("application/x-www-form-urlencoded", "usr=%zz&pwd=x")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"usr\"\r\n\r\nalice\r\n--b\r\nContent-Disposition: form-data; name=\"USR\"\r\n\r\nbob\r\n--b--\r\n")]
    [InlineData("multipart/form-data", "x")]
    public async Task BrokenBody_Returns400(string type, string body) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await _site.SendAsync(HttpMethod.Post, "/api/method/login", Body.Text(body, type))).Status);

    [Theory]
    [InlineData("application/json", HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("application/x-www-form-urlencoded", HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("application/xml", HttpStatusCode.UnsupportedMediaType)]
    public async Task HugeOrStrangeBody_IsRefused(string type, HttpStatusCode status)
    {
        // The server may close the connection before the whole body was sent; then there is no answer to look at, and nothing was read.
        try
        {
            Assert.Equal(status, (await _site.SendAsync(HttpMethod.Post, "/api/method/login", Body.Text(new string('x', 100_000), type))).Status);
        }
        catch (HttpRequestException)
        {
        }
    }

    [Fact]
    public async Task CredentialsInTheAddress_DoNotCount()
    {
        var answer = await _site.PostFormAsync("/api/method/login?usr=alice&pwd=" + Uri.EscapeDataString(Password), "");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
    }

    [Theory]
    [InlineData("Origin", "https://evil.example", HttpStatusCode.BadRequest)]
    [InlineData("Origin", "null", HttpStatusCode.BadRequest)]
    [InlineData("Origin", "https://site.example.evil.example", HttpStatusCode.BadRequest)]
    [InlineData("Origin", "http://site.example", HttpStatusCode.BadRequest)]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.BadRequest)]
    [InlineData("Sec-Fetch-Site", "same-site", HttpStatusCode.BadRequest)]
    [InlineData("Origin", "https://site.example", HttpStatusCode.OK)]
    [InlineData("Sec-Fetch-Site", "same-origin", HttpStatusCode.OK)]
    [InlineData("Sec-Fetch-Site", "none", HttpStatusCode.OK)]
    public async Task LoginFromAnotherOrigin_IsRefused(string header, string value, HttpStatusCode status)
    {
        var answer = await _site.TryLoginAsync("alice", Password, (header, value));

        Assert.Equal(status, answer.Status);
        Assert.Equal(status == HttpStatusCode.OK, answer.Cookie("sid") is not null);
    }

    [Fact]
    public async Task PlantedSid_IsNeverAdopted()
    {
        var planted = new string('a', 64);

        var answer = await _site.TryLoginAsync("alice", Password, Credentials.Sid(planted));

        Assert.NotEqual(planted, answer.Cookie("sid"));
        Assert.Equal(HttpStatusCode.Forbidden, (await LoggedUserAsync(planted)).Status);
    }

    [Fact]
    public async Task LoginAgain_EndsTheOldSession()
    {
        var first = await _site.LoginAsync("alice");

        var second = (await _site.TryLoginAsync("alice", Password, Credentials.Sid(first))).Cookie("sid")!;

        Assert.NotEqual(first, second);
        Assert.Equal(HttpStatusCode.Forbidden, (await LoggedUserAsync(first)).Status);
        Assert.Equal(HttpStatusCode.OK, (await LoggedUserAsync(second)).Status);
    }

    [Fact]
    public async Task LoginAsSomebodyElse_EndsTheOldSession()
    {
        var alice = await _site.LoginAsync("alice");

        await _site.TryLoginAsync("bob", TestSeed.PasswordOf("bob"), ("Cookie", $"x=1; sid={alice}; sid=planted"));

        Assert.Equal(HttpStatusCode.Forbidden, (await LoggedUserAsync(alice)).Status);
    }

    [Fact]
    public async Task ManyRightLoginsAtOnce_AllPass()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _site.TryLoginAsync("carol", TestSeed.PasswordOf("carol"))));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Equal(8, answers.Select(answer => answer.Cookie("sid")).Distinct().Count());
    }

    private Task<Answer> LoggedUserAsync(string sid) => _site.GetAsync("/api/method/frappe.auth.get_logged_user", Credentials.Sid(sid));
}
