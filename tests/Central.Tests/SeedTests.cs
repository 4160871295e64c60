using System.Text.Json.Nodes;
using Central.Settings;
using Microservices.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Central.Tests;

public sealed class SeedTests : IAsyncLifetime
{
    private readonly SiteStorage _storage = new();

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _storage.DisposeAsync();

    [Fact]
    public async Task SecondStart_ChangesNothingAndUndoesNothing()
    {
        string before;
        await using (var first = await _storage.StartAsync())
        {
            await PutAsync(first, "User/bob", """{"full_name":"Robert","enabled":0}""", "alice");
            before = await SnapshotAsync(first);
        }

        await using var second = await _storage.StartAsync();

        Assert.Equal(before, await SnapshotAsync(second));
        Assert.Contains("Robert", before, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await second.TryLoginAsync("carol", TestSeed.PasswordOf("carol"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await second.AskForTokenAsync("acme-app")).Status);
    }

    [Fact]
    public async Task Seed_IsRefusedInProduction()
    {
        var error = await FailAsync(new SiteOptions { Environment = "Production", Settings = new Dictionary<string, string> { ["CENTRAL_KEK"] = Convert.ToBase64String([.. Enumerable.Range(0, 32).Select(i => (byte)i)]) } });

        Assert.StartsWith("CENTRAL_SEED is for development and tests", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "is not JSON of the right shape")]
    [InlineData("{", "is not JSON of the right shape")]
    [InlineData("null", "must be a JSON object")]
    [InlineData("[]", "is not JSON of the right shape")]
    [InlineData("""{"users":{}}""", "$.users")]
    [InlineData("""{"users":[{"password":12345}]}""", "$.users[0].password")]
    [InlineData("""{"users":[{"roles":"System Manager"}]}""", "$.users[0].roles")]
    [InlineData("""{"users":[],"users":[]}""", "is not JSON of the right shape")]
    [InlineData("""{"clients":[{"client_id":"x","grant_types":"client_credentials"}]}""", "$.clients[0].grant_types")]
    [InlineData("""{"settings":{"login_lockout_s":"soon"}}""", "settings.login_lockout_s of the seed must be a whole number")]
    [InlineData("""{"settings":{"access_token_lifetime_s":3601}}""", "settings.access_token_lifetime_s of the seed must be a whole number from 1 to 3600")]
    [InlineData("""{"tenants":[{"name":"x"}]}""", "tenants[0]: id is missing")]
    [InlineData("""{"tenants":[{"id":"Not A Tenant"}]}""", "tenants[0]: id must be")]
    [InlineData("""{"users":[{"username":"x","tenant":"platform"}]}""", "users[0]: password is missing")]
    [InlineData("""{"users":[{"username":"x","password":"y","tenant":"nowhere"}]}""", "users[0]: Could not find")]
    [InlineData("""{"users":[{"id":"x","username":"x","password":"y","tenant":"platform"}]}""", "users[0]: id must start with u-")]
    [InlineData("""{"clients":[{"client_id":"u-x","client_secret":"y"}]}""", "clients[0]: A client_id cannot start with u-")]
    [InlineData("""{"clients":[{"client_id":"x","token_endpoint_auth_method":"client_secret_basic"}]}""", "clients[0]: client_secret is missing")]
    [InlineData("""{"api_keys":[{"key":"x","secret":"y","user":"nobody"}]}""", "api_keys[0]: user names no user")]
    public async Task BrokenSeed_StopsTheStartWithOneLine(string seed, string message)
    {
        var error = await FailAsync(new SiteOptions { RawSeed = seed });

        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error);
        Assert.DoesNotContain("12345", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MissingFile_StopsTheStart()
    {
        var error = await FailAsync(new SiteOptions { Seed = null, Settings = new Dictionary<string, string> { ["CENTRAL_SEED"] = Path.Combine(_storage.Folder, "missing.json") } });

        Assert.Contains("cannot be read", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EntryThatFails_LeavesNoHalfOfItself()
    {
        const string user = """{"username":"half","password":"y","tenant":"platform","roles":["ROLE"]}""";
        await FailAsync(new SiteOptions { RawSeed = $$"""{"users":[{{user.Replace("ROLE", "Bad<Role>", StringComparison.Ordinal)}}]}""" });

        await using var site = await _storage.StartAsync(new SiteOptions { RawSeed = $$"""{"users":[{{user.Replace("ROLE", "Good Role", StringComparison.Ordinal)}}]}""" });

        Assert.Equal(HttpStatusCode.OK, (await site.TryLoginAsync("half", "y")).Status);
    }

    [Fact]
    public async Task UnknownMembers_AreIgnoredWithAWarning()
    {
        await using var site = await _storage.StartAsync(new SiteOptions
        {
            RawSeed = """{"settings":{"shoe_size":44},"colour":1,"tenants":[{"id":"acme","shape":2}],"clients":[{"client_id":"later","client_secret":"s","logo_uri":"https://x.example/"}]}""",
        });

        var warning = Assert.Single(site.Logs.Lines, line => line.StartsWith("The seed holds members", StringComparison.Ordinal));
        Assert.All((string[])["settings.shoe_size", "colour", "tenants.shape", "clients.logo_uri"], member => Assert.Contains(member, warning, StringComparison.Ordinal));
    }

    [Fact]
    public async Task EverySettingAndMember_IsKnownAndMeansSomething()
    {
        const string seed = """
            {
              "settings": {
                "access_token_lifetime_s": 301, "id_token_lifetime_s": 302, "authorization_code_lifetime_s": 33, "refresh_token_idle_lifetime_s": 304, "refresh_token_absolute_lifetime_s": 305,
                "refresh_token_reuse_leeway_s": 6, "device_code_lifetime_s": 307, "device_poll_interval_s": 8, "session_idle_timeout_s": 309, "session_absolute_timeout_s": 310,
                "login_max_failures_per_account": 11, "login_lockout_s": 12, "client_auth_max_failures": 13, "client_auth_lockout_s": 14, "rate_limit_per_ip_per_minute": 1500,
                "token_rate_limit_per_client_per_minute": 1600, "max_sessions_per_user": 17, "password_grant_enabled": true
              },
              "tenants": [{ "id": "acme", "name": "Acme" }],
              "resources": [{ "id": "orders", "scopes": ["orders.read"] }],
              "users": [{
                "id": "u-1", "username": "zoe", "email": "zoe@acme.example", "email_verified": true, "password": "a long winding road", "full_name": "Zoe Z", "given_name": "Zoe", "family_name": "Z",
                "tenant": "acme", "roles": ["Sales User"], "enabled": true
              }],
              "clients": [{
                "client_id": "full", "client_secret": "s", "client_name": "Full", "redirect_uris": ["https://a.example/cb"], "post_logout_redirect_uris": ["https://a.example/bye"],
                "grant_types": ["authorization_code", "client_credentials", "password"], "response_types": ["code"], "token_endpoint_auth_method": "client_secret_post", "application_type": "web",
                "scope": "openid profile email orders.read", "jwks": { "keys": [] }, "tenant": "acme", "resources": ["orders", "billing"], "allowed_cors_origins": ["https://a.example"], "require_consent": false,
                "first_party": true, "password_grant": true, "introspects": ["orders"], "may_introspect_sessions": true, "may_introspect_api_keys": true, "access_token_lifetime_s": 61,
                "authorization_code_lifetime_s": 62, "refresh_token_absolute_lifetime_s": 63, "roles": ["Robot"]
              }],
              "api_keys": [{ "key": "k", "secret": "s", "user": "zoe", "tenant": "acme", "name": "Key", "expires_at": "2999-01-01T00:00:00Z" }]
            }
            """;
        await using var site = await _storage.StartAsync(new SiteOptions { RawSeed = seed });

        Assert.DoesNotContain(site.Logs.Lines, line => line.StartsWith("The seed holds members", StringComparison.Ordinal));
        var settings = site.Services.GetRequiredService<CentralSettings>();
        TimeSpan[] times =
        [
            settings.AccessTokenLifetime, settings.IdTokenLifetime, settings.AuthorizationCodeLifetime, settings.RefreshTokenIdleLifetime, settings.RefreshTokenAbsoluteLifetime, settings.RefreshTokenReuseLeeway,
            settings.DeviceCodeLifetime, settings.DevicePollInterval, settings.SessionIdleTimeout, settings.SessionAbsoluteTimeout, settings.LoginLockout, settings.ClientAuthLockout,
        ];
        Assert.Equal([301, 302, 33, 304, 305, 6, 307, 8, 309, 310, 12, 14], times.Select(time => time.TotalSeconds));
        Assert.Equal(
            (11, 13, 1500, 1500, 1600, 17, true, false),
            (settings.LoginMaxFailuresPerAccount, settings.ClientAuthMaxFailures, settings.RateLimitPerIpPerMinute, settings.DeviceRequestsPerIpPerMinute, settings.TokenRateLimitPerClientPerMinute,
                settings.MaxSessionsPerUser, settings.IsPasswordGrantEnabled, settings.LoginLockoutDoubles));

        // What is seeded can be seen in what it does.
        var own = await site.PostFormAsync("/oauth/token", "grant_type=client_credentials&client_id=full&client_secret=s");
        var claims = Jwt.Claims(own.Json.GetProperty("access_token").GetString()!);
        Assert.Equal(("orders", "acme", "orders.read", 61), (claims.GetProperty("aud").GetString(), claims.GetProperty("tenant").GetString(), claims.GetProperty("scope").GetString(), own.Json.GetProperty("expires_in").GetInt32()));
        Assert.Equal(["Robot"], claims.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        var ofUser = await site.PostFormAsync("/oauth/token", "grant_type=password&username=zoe&password=a+long+winding+road&client_id=full&client_secret=s");
        var id = Jwt.Claims(ofUser.Json.GetProperty("id_token").GetString()!);
        Assert.Equal(
            ("u-1", "Zoe Z", "Zoe", "Z", "zoe@acme.example", true),
            (id.GetProperty("sub").GetString(), id.GetProperty("name").GetString(), id.GetProperty("given_name").GetString(), id.GetProperty("family_name").GetString(), id.GetProperty("email").GetString(), id.GetProperty("email_verified").GetBoolean()));
        Assert.Equal(302, id.GetProperty("exp").GetInt64() - id.GetProperty("iat").GetInt64());
        var key = await site.PostFormAsync("/oauth/introspect", "token=k:s&token_type_hint=api_key&client_id=full&client_secret=s");
        Assert.Equal("zoe", key.Json.GetProperty("username").GetString());
        var preflight = await site.SendAsync(HttpMethod.Options, "/oauth/token", null, ("Origin", "https://a.example"), ("Access-Control-Request-Method", "POST"));
        Assert.Equal("https://a.example", preflight.Header("Access-Control-Allow-Origin"));
    }

    private async Task<string> FailAsync(SiteOptions options) => (await Assert.ThrowsAsync<StartupException>(() => _storage.StartAsync(options))).Message;

    private static async Task PutAsync(TestSite site, string path, string change, string user) =>
        Assert.Equal(HttpStatusCode.OK, (await site.SendAsync(HttpMethod.Put, "/api/resource/" + path, Body.Text(change, "application/json"), Credentials.Sid(await site.LoginAsync(user)))).Status);

    /// <summary>Everything that is served of users, roles, tenants, clients and keys, with the times of the last change.</summary>
    private static async Task<string> SnapshotAsync(TestSite site)
    {
        var parts = new JsonArray();
        foreach (var (user, docTypes) in new[] { ("root", (string[])["Tenant", "OAuth Client", "API Key", "User", "Role"]), ("alice", ["User", "Role"]), ("carol", ["User", "Role"]) })
        {
            var sid = await site.LoginAsync(user);
            foreach (var docType in docTypes)
            {
                parts.Add((await site.GetAsync($"/api/resource/{docType}?fields=[\"*\"]&limit=100", Credentials.Sid(sid))).Text);
            }
        }

        return parts.ToJsonString();
    }
}
