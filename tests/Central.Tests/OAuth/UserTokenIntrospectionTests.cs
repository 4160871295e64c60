namespace Microservices.Central.Tests.OAuth;

/// <summary>What introspection and revocation make of tokens of users. Each test has tokens of its own.</summary>
public sealed class UserTokenIntrospectionTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    private const string Inactive = """{"active":false}""";

    private readonly TestSite _site = fixture.Site;

    [Fact]
    public async Task AccessToken_IsDescribedToItsClientAndToTheServiceItIsFor()
    {
        var tokens = await TokensAsync();
        foreach (var client in (string[])["web", "orders"])
        {
            var json = (await _site.IntrospectAsync(client, tokens.Access)).Json;

            // RFC 7662 section 2.2, and tenant and roles, which are this site's.
            Assert.Equal(
                ["active", "aud", "client_id", "exp", "iat", "iss", "jti", "roles", "scope", "sub", "tenant", "token_type", "username"],
                json.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
            Assert.Equal(
                (true, "u-alice", "alice", "acme", "web", "orders", "Bearer"),
                (json.GetProperty("active").GetBoolean(), Text(json, "sub"), Text(json, "username"), Text(json, "tenant"), Text(json, "client_id"), Text(json, "aud"), Text(json, "token_type")));
            Assert.Equal(600, json.GetProperty("exp").GetInt64() - json.GetProperty("iat").GetInt64());
        }
    }

    [Fact]
    public async Task RefreshToken_IsDescribedToItsClientOnly()
    {
        var tokens = await TokensAsync();

        var json = (await _site.IntrospectAsync("web", tokens.Refresh)).Json;

        Assert.Equal((true, "u-alice", "web", "refresh_token", "acme"), (json.GetProperty("active").GetBoolean(), Text(json, "sub"), Text(json, "client_id"), Text(json, "token_type"), Text(json, "tenant")));
        Assert.Equal(Inactive, (await _site.IntrospectAsync("orders", tokens.Refresh)).Text);
        Assert.Equal(Inactive, (await _site.IntrospectAsync("other", tokens.Refresh)).Text);
    }

    [Fact]
    public async Task WrongHint_ChangesNothing()
    {
        var tokens = await TokensAsync();

        foreach (var hint in (string[])["access_token", "refresh_token", "id_token", "pat"])
        {
            Assert.True((await _site.IntrospectAsync("web", tokens.Access, hint)).Json.GetProperty("active").GetBoolean());
            Assert.True((await _site.IntrospectAsync("web", tokens.Refresh, hint)).Json.GetProperty("active").GetBoolean());
        }

        await RevokeAsync("web", tokens.Refresh, "&token_type_hint=access_token");
        Assert.Equal(Inactive, (await _site.IntrospectAsync("web", tokens.Refresh)).Text);
    }

    [Fact]
    public async Task IdTokenAndCode_AreInactive()
    {
        var browser = await DeviceFlow.BrowserOfAsync(_site, "alice");
        var flow = new CodeFlow(_site);
        var code = await flow.CodeAsync(browser);

        Assert.Equal(Inactive, (await _site.IntrospectAsync("web", code)).Text);
        var tokens = (await flow.ExchangeAsync(code)).Json;
        Assert.Equal(Inactive, (await _site.IntrospectAsync("web", Text(tokens, "id_token"))).Text);
        Assert.Equal(Inactive, (await _site.IntrospectAsync("web", Text(tokens, "id_token"), "access_token")).Text);
    }

    [Fact]
    public async Task SpentRefreshToken_IsInactive_AndAskingIsNoUse()
    {
        var tokens = await TokensAsync();
        var next = Text((await new CodeFlow(_site).RefreshAsync(tokens.Refresh)).Json, "refresh_token");

        Assert.Equal(Inactive, (await _site.IntrospectAsync("web", tokens.Refresh)).Text);
        Assert.True((await _site.IntrospectAsync("web", next)).Json.GetProperty("active").GetBoolean());
        Assert.True((await _site.IntrospectAsync("web", tokens.Access)).Json.GetProperty("active").GetBoolean());
    }

    [Fact]
    public async Task RevokedAccessToken_IsDeadAtOnce_AndTheGrantGoesOn()
    {
        var tokens = await TokensAsync();

        await RevokeAsync("web", tokens.Access);

        Assert.Equal(Inactive, (await _site.IntrospectAsync("web", tokens.Access)).Text);
        Assert.Equal(Inactive, (await _site.IntrospectAsync("orders", tokens.Access)).Text);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.GetAsync("/oauth/userinfo", Credentials.Bearer(tokens.Access))).Status);
        Assert.Equal(HttpStatusCode.OK, (await new CodeFlow(_site).RefreshAsync(tokens.Refresh)).Status);
    }

    [Theory]
    [InlineData("other")]
    [InlineData("orders")]
    public async Task Stranger_RevokesNothing(string stranger)
    {
        var tokens = await TokensAsync();

        foreach (var token in (string[])[tokens.Access, tokens.Refresh])
        {
            var answer = await RevokeAsync(stranger, token);
            Assert.Equal((HttpStatusCode.OK, "{}"), (answer.Status, answer.Text));
            Assert.Equal("{}", (await _site.PostFormAsync("/oauth/revoke", $"token={token}&client_id=spa")).Text);
        }

        Assert.True((await _site.IntrospectAsync("web", tokens.Access)).Json.GetProperty("active").GetBoolean());
        Assert.True((await _site.IntrospectAsync("web", tokens.Refresh)).Json.GetProperty("active").GetBoolean());
    }

    [Fact]
    public async Task PublicClient_RevokesItsOwnByItsId()
    {
        var flow = new CodeFlow(_site, "spa", "https://spa.example/cb");
        var tokens = (await flow.TokensAsync("alice")).Json;

        var answer = await _site.PostFormAsync("/oauth/revoke", $"token={Text(tokens, "refresh_token")}&client_id=spa", ("Origin", "https://spa.example"));

        Assert.Equal((HttpStatusCode.OK, "https://spa.example"), (answer.Status, answer.Header("Access-Control-Allow-Origin")));
        Assert.Equal("invalid_grant", (await flow.RefreshAsync(Text(tokens, "refresh_token"))).Error);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.GetAsync("/oauth/userinfo", Credentials.Bearer(Text(tokens, "access_token")))).Status);
    }

    [Fact]
    public async Task ExpiredToken_IsInactive()
    {
        var clock = new ManualTimeProvider();
        await using var storage = new SiteStorage();
        await using var site = await storage.StartAsync(new SiteOptions { Clock = clock, Seed = TestSeed.Of("alice") });
        var tokens = (await new CodeFlow(site).TokensAsync("alice")).Json;
        clock.Advance(TimeSpan.FromSeconds(599));
        Assert.True((await site.IntrospectAsync("web", Text(tokens, "access_token"))).Json.GetProperty("active").GetBoolean());

        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(Inactive, (await site.IntrospectAsync("web", Text(tokens, "access_token"))).Text);
        Assert.Equal(Inactive, (await site.IntrospectAsync("orders", Text(tokens, "access_token"))).Text);
        Assert.Equal(HttpStatusCode.Unauthorized, (await site.GetAsync("/oauth/userinfo", Credentials.Bearer(Text(tokens, "access_token")))).Status);
        Assert.Equal(HttpStatusCode.OK, (await site.PostFormAsync("/oauth/revoke", "token=" + Text(tokens, "access_token"), Credentials.Basic("web", TestSeed.SecretOf("web")))).Status);
    }

    private async Task<(string Access, string Refresh)> TokensAsync()
    {
        var tokens = (await new CodeFlow(_site).TokensAsync("alice")).Json;
        return (Text(tokens, "access_token"), Text(tokens, "refresh_token"));
    }

    private Task<Answer> RevokeAsync(string client, string token, string more = "") =>
        _site.PostFormAsync("/oauth/revoke", $"token={token}{more}", Credentials.Basic(client, TestSeed.SecretOf(client)));

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
