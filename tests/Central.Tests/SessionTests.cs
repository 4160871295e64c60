namespace Microservices.Central.Tests;

public sealed class SessionTests(SessionTests.ClockFixture fixture) : IClassFixture<SessionTests.ClockFixture>
{
    private readonly TestSite _site = fixture.Site;
    private readonly ManualTimeProvider _clock = fixture.Clock;

    [Fact]
    public async Task Logout_EndsTheSessionItself()
    {
        var sid = await _site.LoginAsync("alice");

        var answer = await _site.PostFormAsync("/api/method/logout", "", Credentials.Sid(sid));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("", answer.Cookie("sid"));
        Assert.Equal(HttpStatusCode.Forbidden, (await LoggedUserAsync(sid)).Status);
        Assert.False((await _site.IntrospectAsync("orders", sid, "session")).Json.GetProperty("active").GetBoolean());
    }

    [Fact]
    public async Task LogoutWithoutSession_IsNoError()
    {
        Assert.Equal(HttpStatusCode.OK, (await _site.PostFormAsync("/api/method/logout", "")).Status);
        Assert.Equal(HttpStatusCode.OK, (await _site.PostFormAsync("/api/method/logout", "", Credentials.Sid("unknown"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await _site.PostFormAsync("/api/method/logout", "", ("Cookie", "sid=a; sid=b"))).Status);
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("X-Frappe-CSRF-Token", "wrong")]
    public async Task LogoutForcedByAnotherPage_LeavesTheSession(string header, string value)
    {
        var sid = await _site.LoginAsync("alice");

        var answer = await _site.PostFormAsync("/api/method/logout", "", Credentials.Sid(sid), (header, value));

        Assert.Equal((HttpStatusCode.BadRequest, "CSRFTokenError"), (answer.Status, answer.ErrorType));
        Assert.Null(answer.Cookie("sid"));
        Assert.Equal(HttpStatusCode.OK, (await LoggedUserAsync(sid)).Status);
    }

    [Fact]
    public async Task GetLogout_ChangesNothing()
    {
        var sid = await _site.LoginAsync("alice");

        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _site.GetAsync("/api/method/logout", Credentials.Sid(sid))).Status);
        Assert.Equal(HttpStatusCode.OK, (await LoggedUserAsync(sid)).Status);
    }

    [Fact]
    public async Task RightCsrfToken_IsAccepted()
    {
        var login = await _site.TryLoginAsync("alice", TestSeed.PasswordOf("alice"));
        var token = login.Json.GetProperty("csrf_token").GetString()!;

        Assert.NotEqual(login.Cookie("sid"), token);
        Assert.Equal(HttpStatusCode.OK, (await _site.PostFormAsync("/api/method/logout", "", Credentials.Sid(login.Cookie("sid")!), ("X-Frappe-CSRF-Token", token))).Status);
    }

    [Fact]
    public async Task SidAnywhereButInTheCookie_IsIgnored()
    {
        var sid = await _site.LoginAsync("alice");
        Answer[] answers =
        [
            await _site.GetAsync("/api/method/frappe.auth.get_logged_user?sid=" + sid),
            await _site.PostFormAsync("/api/method/frappe.auth.get_logged_user", "sid=" + sid),
            await _site.PostJsonAsync("/api/method/frappe.auth.get_logged_user", new { sid }),
            await _site.GetAsync("/api/method/frappe.auth.get_logged_user", ("X-Frappe-SID", sid)),
            await _site.GetAsync("/api/method/frappe.auth.get_logged_user", ("Cookie", $"SID={sid}; user_id=alice; system_user=yes")),
            await _site.GetAsync("/api/method/frappe.auth.get_logged_user", ("X-Frappe-User", "alice"), ("X-User", "alice"), ("X-Tenant-Id", "acme"), ("Remote-User", "alice")),
        ];

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.Forbidden, "PermissionError"), (answer.Status, answer.ErrorType)));
        Assert.All(answers, answer => Assert.False(answer.Json.TryGetProperty("session_expired", out _)));
    }

    [Fact]
    public async Task LoggedUser_OfEachCredential()
    {
        var sid = await _site.LoginAsync("alice");

        Assert.Equal("""{"message":"alice"}""", (await LoggedUserAsync(sid)).Text);
        Assert.Equal("""{"message":"alice"}""", (await _site.PostFormAsync("/api/method/frappe.auth.get_logged_user", "", Credentials.Sid(sid))).Text);
        Assert.Equal("""{"message":"bob"}""", (await _site.GetAsync("/api/method/frappe.auth.get_logged_user", Credentials.Key(TestSeed.PairOf("bob-key")))).Text);
        Assert.Equal("""{"message":"bob"}""", (await _site.GetAsync("/api/method/frappe.auth.get_logged_user", Credentials.Key(TestSeed.PairOf("bob-key")), Credentials.Sid(sid))).Text);
        var basic = "Basic " + Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(TestSeed.PairOf("bob-key")));
        Assert.Equal("""{"message":"bob"}""", (await _site.GetAsync("/api/method/frappe.auth.get_logged_user", ("Authorization", basic))).Text);
    }

    [Fact]
    public async Task TokenWithoutOpenId_IsInsufficient()
    {
        var answer = await _site.GetAsync("/api/method/frappe.auth.get_logged_user", Credentials.Bearer(await _site.TokenAsync("acme-app")));

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Contains("insufficient_scope", answer.Header("WWW-Authenticate"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Guest_Returns403_AndSaysWhenASessionHasEnded()
    {
        var guest = await _site.GetAsync("/api/method/frappe.auth.get_logged_user");
        var ended = await LoggedUserAsync(new string('0', 64));
        var literal = await LoggedUserAsync("Guest");

        Assert.Equal((HttpStatusCode.Forbidden, "PermissionError"), (guest.Status, guest.ErrorType));
        Assert.False(guest.Json.TryGetProperty("session_expired", out _));
        Assert.Equal((HttpStatusCode.Forbidden, 1), (ended.Status, ended.Json.GetProperty("session_expired").GetInt32()));
        Assert.False(literal.Json.TryGetProperty("session_expired", out _));
    }

    [Theory]
    [InlineData("token bob-key:wrong")]
    [InlineData("token bob-key")]
    [InlineData("token BOB-KEY:secret-of-bob-key")]
    [InlineData("token old-key:secret-of-old-key")]
    [InlineData("Bearer x")]
    [InlineData("Digest x")]
    [InlineData("token")]
    public async Task BadAuthorization_Returns401_EvenBesideAGoodCookie(string header)
    {
        var sid = await _site.LoginAsync("alice");

        var answer = await _site.GetAsync("/api/method/frappe.auth.get_logged_user", ("Authorization", header), Credentials.Sid(sid));

        Assert.Equal((HttpStatusCode.Unauthorized, "AuthenticationError"), (answer.Status, answer.ErrorType));
    }

    [Fact]
    public async Task RestingSession_EndsAfterEightHours()
    {
        var sid = await _site.LoginAsync("alice");
        _clock.Skip(TimeSpan.FromHours(7.9));
        Assert.Equal(HttpStatusCode.OK, (await LoggedUserAsync(sid)).Status);
        _clock.Skip(TimeSpan.FromHours(7.9));
        Assert.Equal(HttpStatusCode.OK, (await LoggedUserAsync(sid)).Status);

        _clock.Skip(TimeSpan.FromHours(8.1));

        Assert.Equal(HttpStatusCode.Forbidden, (await LoggedUserAsync(sid)).Status);
    }

    [Fact]
    public async Task IntrospectionCountsAsUse_AndNothingExtendsTheAbsoluteEnd()
    {
        var sid = await _site.LoginAsync("alice");
        for (var hours = 6; hours < 72; hours += 6)
        {
            _clock.Skip(TimeSpan.FromHours(6));
            Assert.True((await _site.IntrospectAsync("orders", sid, "session")).Json.GetProperty("active").GetBoolean());
        }

        _clock.Skip(TimeSpan.FromHours(6));

        Assert.False((await _site.IntrospectAsync("orders", sid, "session")).Json.GetProperty("active").GetBoolean());
    }

    [Fact]
    public async Task EleventhSession_EndsTheOldest()
    {
        var sessions = new List<string>();
        for (var i = 0; i < 11; i++)
        {
            sessions.Add(await _site.LoginAsync("carol"));
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await LoggedUserAsync(sessions[0])).Status);
        Assert.Equal(HttpStatusCode.OK, (await LoggedUserAsync(sessions[1])).Status);
        Assert.Equal(HttpStatusCode.OK, (await LoggedUserAsync(sessions[10])).Status);
    }

    [Fact]
    public async Task RevokeAll_EndsEverySessionOfTheUserOnly()
    {
        var (first, second, other) = (await _site.LoginAsync("alice"), await _site.LoginAsync("alice"), await _site.LoginAsync("bob"));

        var answer = await _site.PostFormAsync("/api/method/central.sessions.revoke_all", "", Credentials.Sid(first));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("", answer.Cookie("sid"));
        Assert.Equal(HttpStatusCode.Forbidden, (await LoggedUserAsync(first)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await LoggedUserAsync(second)).Status);
        Assert.Equal(HttpStatusCode.OK, (await LoggedUserAsync(other)).Status);
    }

    [Fact]
    public async Task RevokeAll_TakesASession()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.PostFormAsync("/api/method/central.sessions.revoke_all", "")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _site.PostFormAsync("/api/method/central.sessions.revoke_all", "", Credentials.Key(TestSeed.PairOf("bob-key")))).Status);
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await _site.PostFormAsync("/api/method/central.sessions.revoke_all", "", Credentials.Sid(await _site.LoginAsync("bob")), ("Origin", "https://evil.example"))).Status);
    }

    private Task<Answer> LoggedUserAsync(string sid) => _site.GetAsync("/api/method/frappe.auth.get_logged_user", Credentials.Sid(sid));

    /// <summary>A site whose clock the tests of the class move on.</summary>
    public sealed class ClockFixture : IAsyncLifetime
    {
        private readonly SiteStorage _storage = new();

        internal ManualTimeProvider Clock { get; } = new();

        public TestSite Site { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Site = await _storage.StartAsync(new SiteOptions { Clock = Clock });

        public async ValueTask DisposeAsync()
        {
            await Site.DisposeAsync();
            await _storage.DisposeAsync();
        }
    }
}
