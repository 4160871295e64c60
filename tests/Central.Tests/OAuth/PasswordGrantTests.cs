using System.Text.Json.Nodes;

namespace Microservices.Central.Tests.OAuth;

/// <summary>The password grant: off, and where it is on, no more than the login is.</summary>
public sealed class PasswordGrantTests : IAsyncLifetime
{
    private readonly SiteStorage _storage = new();
    private readonly ManualTimeProvider _clock = new();
    private TestSite? _site;

    private TestSite Site => _site!;

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        if (_site is not null)
        {
            await _site.DisposeAsync();
        }

        await _storage.DisposeAsync();
    }

    [Fact]
    public async Task WhileOff_TheGrantIsUnknown()
    {
        await StartAsync(seed => seed["settings"]!.AsObject().Remove("password_grant_enabled"));

        var answer = await AskAsync("trusted", "alice");

        Assert.Equal((HttpStatusCode.BadRequest, "unsupported_grant_type"), (answer.Status, answer.Error));
        Assert.DoesNotContain("\"password\"", (await Site.GetAsync("/.well-known/openid-configuration")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Site.Logs.Lines, line => line.StartsWith("The password grant is on", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhileOn_TheUserGetsTokens_AndTheOperatorAWarning()
    {
        await StartAsync();

        var answer = await AskAsync("trusted", "alice", "&scope=openid+offline_access");

        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        Assert.Equal(["access_token", "token_type", "expires_in", "scope", "refresh_token", "id_token"], answer.Json.EnumerateObject().Select(member => member.Name));
        var claims = Jwt.Claims(answer.Json.GetProperty("access_token").GetString()!);
        Assert.Equal(("u-alice", "acme", "orders", "trusted"), (Text(claims, "sub"), Text(claims, "tenant"), Text(claims, "aud"), Text(claims, "client_id")));
        Assert.Equal(["pwd"], claims.GetProperty("amr").EnumerateArray().Select(method => method.GetString()));
        Assert.Equal((_clock.GetUtcNow().ToUnixTimeSeconds(), false), (claims.GetProperty("auth_time").GetInt64(), claims.TryGetProperty("sid", out _)));
        Assert.Equal(HttpStatusCode.OK, (await Site.PostFormAsync("/oauth/token", "grant_type=refresh_token&refresh_token=" + Text(answer.Json, "refresh_token"), Basic("trusted"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await Site.GetAsync("/oauth/userinfo", Credentials.Bearer(Text(answer.Json, "access_token")))).Status);
        var grants = (await Site.GetAsync("/.well-known/openid-configuration")).Json.GetProperty("grant_types_supported").EnumerateArray().Select(grant => grant.GetString());
        Assert.Contains("password", grants);
        Assert.Single(Site.Logs.Lines, line => line.StartsWith("The password grant is on", StringComparison.Ordinal));
    }

    [Fact]
    public async Task OtherClient_IsUnauthorized_BeforeThePasswordIsLookedAt()
    {
        await StartAsync(seed => seed["settings"]!["login_max_failures_per_account"] = 2);

        foreach (var client in (string[])["half-trusted", "listed", "web", "acme-app"])
        {
            Assert.Equal("unauthorized_client", (await AskAsync(client, "alice")).Error);
            Assert.Equal("unauthorized_client", (await AskAsync(client, "alice", password: "wrong")).Error);
        }

        Assert.Equal(HttpStatusCode.OK, (await Site.TryLoginAsync("alice", TestSeed.PasswordOf("alice"))).Status); // nothing was counted
    }

    [Fact]
    public async Task ClientThatIsNotFirstParty_CannotHaveTheGrant()
    {
        var error = await Assert.ThrowsAsync<Hosting.StartupException>(() => StartAsync(seed => Client(seed, "trusted")["first_party"] = false));

        Assert.Contains("Only a first_party client can have the password grant", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EveryReasonWhyNot_IsOneAnswer()
    {
        await StartAsync();
        Answer[] answers =
        [
            await AskAsync("trusted", "alice", password: "wrong"), await AskAsync("trusted", "nobody", password: "wrong"), await AskAsync("trusted", "dave"),
            await AskAsync("trusted", "alice", password: new string('x', 2000)),
        ];

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), (answer.Status, answer.Error)));
        Assert.Single(answers.Select(answer => answer.Text).Distinct());
    }

    [Fact]
    public async Task UserWithASecondFactor_IsRefused_AndDoesNotClearTheCount()
    {
        await StartAsync(seed => seed["users"]![0]!["totp_secret"] = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        for (var i = 0; i < 4; i++)
        {
            await Site.TryLoginAsync("alice", $"wrong {i}");
        }

        var answer = await AskAsync("trusted", "alice", "&otp=123456");

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), (answer.Status, answer.Error));
        Assert.Equal(answer.Text, (await AskAsync("trusted", "bob", password: "wrong")).Text);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Site.TryLoginAsync("alice", "wrong")).Status); // the fifth
        Assert.Equal(HttpStatusCode.TooManyRequests, (await Site.TryLoginAsync("alice", TestSeed.PasswordOf("alice"))).Status);
    }

    [Theory]
    [InlineData("root", "Tenant/acme")]
    [InlineData("alice", "Role/Sales User")]
    public async Task UserWhoMustHaveASecondFactor_IsRefused(string administrator, string document)
    {
        await StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await AskAsync("trusted", "bob")).Status);
        var sid = await Site.LoginAsync(administrator);
        Assert.Equal(HttpStatusCode.OK, (await Site.SendAsync(HttpMethod.Put, "/api/resource/" + document, Body.Text("""{"require_second_factor":1}""", "application/json"), Credentials.Sid(sid))).Status);

        Assert.Equal("invalid_grant", (await AskAsync("trusted", "bob")).Error);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync("trusted", "carol")).Status);
    }

    [Fact]
    public async Task Tokens_ClearTheCountOfFailures()
    {
        await StartAsync();
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 4; i++)
            {
                await AskAsync("trusted", "alice", password: "wrong");
            }

            Assert.Equal(HttpStatusCode.OK, (await AskAsync("trusted", "alice")).Status);
        }
    }

    [Fact]
    public async Task LockOut_IsSharedWithTheLogin_AndLooksLikeAWrongPassword()
    {
        await StartAsync();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("invalid_grant", (await AskAsync("trusted", "alice", password: $"wrong {i}")).Error);
        }

        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await Site.TryLoginAsync("alice", $"wrong {i}")).Status);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await Site.TryLoginAsync("alice", TestSeed.PasswordOf("alice"))).Status);
        var locked = await AskAsync("trusted", "alice");
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), (locked.Status, locked.Error));
        Assert.Equal(locked.Text, (await AskAsync("trusted", "nobody")).Text);
        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync("trusted", "alice")).Status);
    }

    [Fact]
    public async Task Addresses_AreLimitedAsAtTheLogin()
    {
        await StartAsync(seed => seed["settings"]!["rate_limit_per_ip_per_minute"] = 2);
        await AskAsync("trusted", "alice");
        await Site.TryLoginAsync("bob", TestSeed.PasswordOf("bob"));

        var answer = await AskAsync("trusted", "bob");

        Assert.Equal((HttpStatusCode.TooManyRequests, "temporarily_unavailable", "60"), (answer.Status, answer.Error, answer.Header("Retry-After")));
    }

    [Fact]
    public async Task ClientOfATenant_GetsNoTokensOfUsersOfAnother()
    {
        await StartAsync(seed => Client(seed, "trusted")["tenant"] = "acme");

        Assert.Equal(HttpStatusCode.OK, (await AskAsync("trusted", "alice")).Status);
        Assert.Equal("invalid_grant", (await AskAsync("trusted", "carol")).Error);
    }

    [Theory]
    [InlineData("username=alice", "", "invalid_request")]
    [InlineData("password=x", "", "invalid_request")]
    [InlineData("username=alice&password=x", "?password=x", "invalid_request")]
    [InlineData("username=alice&password=x", "?username=alice", "invalid_request")]
    [InlineData("username=alice&password=x&password=y", "", "invalid_request")]
    [InlineData("username=alice&password=x&scope=all", "", "invalid_scope")]
    [InlineData("username=alice&password=x&scope=orders.write", "", "invalid_scope")]
    [InlineData("username=alice&password=x&resource=central", "", "invalid_target")]
    public async Task WrongRequest_IsRefusedAsTheRfcSays(string form, string query, string error)
    {
        await StartAsync();

        var answer = await Site.PostFormAsync("/oauth/token" + query, "grant_type=password&" + form, Basic("trusted"));

        Assert.Equal((HttpStatusCode.BadRequest, error), (answer.Status, answer.Error));
    }

    [Fact]
    public async Task LogoutEverywhere_EndsIt()
    {
        await StartAsync();
        var refresh = Text((await AskAsync("trusted", "alice", "&scope=openid+offline_access")).Json, "refresh_token");

        await Site.PostFormAsync("/api/method/central.sessions.revoke_all", "", Credentials.Sid(await Site.LoginAsync("alice")));

        Assert.Equal("invalid_grant", (await Site.PostFormAsync("/oauth/token", "grant_type=refresh_token&refresh_token=" + refresh, Basic("trusted"))).Error);
    }

    private Task<Answer> AskAsync(string client, string user, string more = "", string? password = null) => Site.PostFormAsync(
        "/oauth/token", $"grant_type=password&username={user}&password={Uri.EscapeDataString(password ?? TestSeed.PasswordOf(user))}{more}", Basic(client));

    private static (string Name, string Value) Basic(string client) => Credentials.Basic(client, TestSeed.SecretOf(client));

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static JsonObject Client(JsonObject seed, string id) => seed["clients"]!.AsArray().Select(client => client!.AsObject()).Single(client => (string?)client["client_id"] == id);

    private async Task StartAsync(Action<JsonObject>? change = null)
    {
        var seed = TestSeed.Of("alice", "bob", "carol", "dave", "root");
        seed["settings"]!["password_grant_enabled"] = true;
        var clients = seed["clients"]!.AsArray();
        foreach (var (id, isFirstParty, hasGrant) in ((string, bool, bool)[])[("trusted", true, true), ("half-trusted", true, false), ("listed", false, false)])
        {
            var client = Client(seed, "own").DeepClone().AsObject();
            (client["client_id"], client["client_secret"], client["first_party"], client["password_grant"], client["require_consent"]) = (id, TestSeed.SecretOf(id), isFirstParty, hasGrant, true);
            client["grant_types"] = new JsonArray("password", "refresh_token");
            clients.Add(client);
        }

        change?.Invoke(seed);
        _site = await _storage.StartAsync(new SiteOptions { Clock = _clock, Seed = seed });
    }
}
