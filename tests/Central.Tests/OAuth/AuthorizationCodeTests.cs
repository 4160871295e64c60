namespace Microservices.Central.Tests.OAuth;

/// <summary>Exchanging codes: once, by whom they were issued to, with what they were issued for.</summary>
public sealed class AuthorizationCodeTests(SessionTests.ClockFixture fixture) : IClassFixture<SessionTests.ClockFixture>
{
    private readonly TestSite _site = fixture.Site;

    [Fact]
    public async Task Answer_IsWhatTheStandardsSay()
    {
        var answer = await new CodeFlow(_site).TokensAsync("alice", ("resource", "billing"));

        Assert.Equal(("no-store", "Bearer", 600), (answer.Header("Cache-Control"), answer.Json.GetProperty("token_type").GetString(), answer.Json.GetProperty("expires_in").GetInt32()));
        var (access, id) = (answer.Json.GetProperty("access_token").GetString()!, answer.Json.GetProperty("id_token").GetString()!);
        Assert.Equal(("ES256", "at+jwt"), (Jwt.Header(access).GetProperty("alg").GetString(), Jwt.Header(access).GetProperty("typ").GetString()));
        Assert.Equal("JWT", Jwt.Header(id).GetProperty("typ").GetString());
        Assert.Equal(["alg", "typ", "kid"], Jwt.Header(access).EnumerateObject().Select(member => member.Name));
        var claims = Jwt.Claims(access);
        Assert.Equal(("https://site.example", "u-alice", "billing", "web", "acme", "alice"), (Text(claims, "iss"), Text(claims, "sub"), Text(claims, "aud"), Text(claims, "client_id"), Text(claims, "tenant"), Text(claims, "username")));
        Assert.Equal(["System Manager", "Sales User"], claims.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        Assert.Equal(("aal1", "pwd"), (Text(claims, "acr"), claims.GetProperty("amr").EnumerateArray().Single().GetString()));
        Assert.False(claims.TryGetProperty("email", out _));
        var identity = Jwt.Claims(id);
        Assert.Equal(("https://site.example", "u-alice", "web", "n-1", "alice@acme.example", "The alice"), (Text(identity, "iss"), Text(identity, "sub"), Text(identity, "aud"), Text(identity, "nonce"), Text(identity, "email"), Text(identity, "name")));
        Assert.Equal(Text(claims, "sid"), Text(identity, "sid"));
        Assert.Equal(claims.GetProperty("auth_time").GetInt64(), identity.GetProperty("auth_time").GetInt64());
        var half = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(access))[..16];
        Assert.Equal(System.Buffers.Text.Base64Url.EncodeToString(half), Text(identity, "at_hash"));
    }

    [Theory]
    [InlineData("code_verifier", null)]
    [InlineData("code_verifier", "wrong-wrong-wrong-wrong-wrong-wrong-wrong-wrong")]
    [InlineData("code_verifier", "short")]
    [InlineData("redirect_uri", null)]
    [InlineData("redirect_uri", "https://app.example/callback/")]
    [InlineData("resource", "billing")]
    public async Task WrongRequest_IsRefused_AndUsesTheCodeUp(string parameter, string? value)
    {
        var (flow, code) = await StartAsync();

        AssertInvalidGrant(await flow.ExchangeAsync(code, (parameter, value)));
        AssertInvalidGrant(await flow.ExchangeAsync(code));
    }

    [Fact]
    public async Task ChallengeInPlaceOfTheVerifier_IsRefused()
    {
        var (flow, code) = await StartAsync();
        var challenge = flow.Address().Split("code_challenge=")[1].Split('&')[0];

        AssertInvalidGrant(await flow.ExchangeAsync(code, ("code_verifier", challenge)));
    }

    [Fact]
    public async Task CodeOfAnotherClient_IsRefused_AndStaysGoodForItsOwn()
    {
        var (flow, code) = await StartAsync();

        AssertInvalidGrant(await new CodeFlow(_site, "other", flow.RedirectUri) { Verifier = flow.Verifier }.ExchangeAsync(code));
        AssertInvalidGrant(await new CodeFlow(_site, "spa", flow.RedirectUri) { Verifier = flow.Verifier }.ExchangeAsync(code));
        Assert.Equal(HttpStatusCode.OK, (await flow.ExchangeAsync(code)).Status);
    }

    [Fact]
    public async Task ConfidentialClientWithItsIdAlone_IsRefused()
    {
        var (flow, code) = await StartAsync();

        var answer = await _site.PostFormAsync("/oauth/token", $"grant_type=authorization_code&client_id=web&code={code}&code_verifier={flow.Verifier}&redirect_uri={Uri.EscapeDataString(flow.RedirectUri)}");

        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (answer.Status, answer.Error));
    }

    [Fact]
    public async Task SecondUse_EndsAllThatCameOfTheFirst()
    {
        var (flow, code) = await StartAsync();
        var tokens = (await flow.ExchangeAsync(code)).Json;
        var (access, refresh) = (tokens.GetProperty("access_token").GetString()!, tokens.GetProperty("refresh_token").GetString()!);
        Assert.Equal(HttpStatusCode.OK, (await _site.GetAsync("/oauth/userinfo", Credentials.Bearer(access))).Status);

        AssertInvalidGrant(await flow.ExchangeAsync(code));

        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.GetAsync("/oauth/userinfo", Credentials.Bearer(access))).Status);
        Assert.False((await _site.IntrospectAsync("orders", access)).Json.GetProperty("active").GetBoolean());
        AssertInvalidGrant(await flow.RefreshAsync(refresh));
        Assert.Contains(_site.Logs.Lines, line => line.Contains("authorization code reuse refused", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ParallelUse_HasOneWinnerAtMost()
    {
        var (flow, code) = await StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => flow.ExchangeAsync(code)));

        Assert.InRange(answers.Count(answer => answer.Status == HttpStatusCode.OK), 0, 1);
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.OK), AssertInvalidGrant);
        foreach (var winner in answers.Where(answer => answer.Status == HttpStatusCode.OK))
        {
            AssertInvalidGrant(await flow.RefreshAsync(winner.Json.GetProperty("refresh_token").GetString()!));
        }
    }

    [Fact]
    public async Task CodeAfterAMinute_IsRefused()
    {
        var (flow, code) = await StartAsync();
        fixture.Clock.Advance(TimeSpan.FromSeconds(60));

        AssertInvalidGrant(await flow.ExchangeAsync(code));
    }

    [Theory]
    [InlineData("scope", "openid admin")]
    [InlineData("tenant", "globex")]
    [InlineData("roles", "Administrator")]
    public async Task ParameterOfTheExchange_AddsNothing(string parameter, string value)
    {
        var (flow, code) = await StartAsync(("scope", "openid"));

        var answer = await flow.ExchangeAsync(code, (parameter, value));

        Assert.Equal("openid", answer.Json.GetProperty("scope").GetString());
        Assert.Equal("acme", Text(Jwt.Claims(answer.Json.GetProperty("access_token").GetString()!), "tenant"));
        Assert.False(answer.Json.TryGetProperty("refresh_token", out _));
    }

    [Fact]
    public async Task WithoutOpenId_ThereIsNoIdToken()
    {
        var answer = await new CodeFlow(_site).TokensAsync("alice", ("scope", "orders.read"));

        Assert.False(answer.Json.TryGetProperty("id_token", out _));
        var info = await _site.GetAsync("/oauth/userinfo", Credentials.Bearer(answer.Json.GetProperty("access_token").GetString()!));
        Assert.Equal(HttpStatusCode.Forbidden, info.Status);
        Assert.Contains("insufficient_scope", info.Header("WWW-Authenticate"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UserWhoIsDisabledMeanwhile_GetsNoTokens()
    {
        var (flow, code) = await StartAsync(user: "bob");
        var sid = await _site.LoginAsync("alice");
        await PutAsync("User/bob", """{"enabled":0}""", sid);
        try
        {
            AssertInvalidGrant(await flow.ExchangeAsync(code));
        }
        finally
        {
            await PutAsync("User/bob", """{"enabled":1}""", sid);
        }
    }

    [Fact]
    public async Task IdToken_IsNoAccessToken()
    {
        var idToken = (await new CodeFlow(_site).TokensAsync("alice")).Json.GetProperty("id_token").GetString()!;

        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.GetAsync("/oauth/userinfo", Credentials.Bearer(idToken))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.GetAsync("/api/method/auth.whoami", Credentials.Bearer(idToken))).Status);
        Assert.Equal("""{"active":false}""", (await _site.IntrospectAsync("orders", idToken)).Text);
        Assert.Equal("""{"active":false}""", (await _site.IntrospectAsync("web", idToken)).Text);
    }

    [Fact]
    public async Task CodeAndRefreshToken_AreNoAccessTokens()
    {
        var (flow, code) = await StartAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.GetAsync("/oauth/userinfo", Credentials.Bearer(code))).Status);
        var refresh = (await flow.ExchangeAsync(code)).Json.GetProperty("refresh_token").GetString()!;

        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.GetAsync("/oauth/userinfo", Credentials.Bearer(refresh))).Status);
        AssertInvalidGrant(await flow.ExchangeAsync(refresh));
        AssertInvalidGrant(await flow.RefreshAsync(code));
    }

    [Fact]
    public async Task NothingSecret_IsInTheLogsOrTheTables()
    {
        var (flow, code) = await StartAsync();
        var tokens = (await flow.ExchangeAsync(code)).Json;

        string[] secrets = [code, flow.Verifier, .. ((string[])["access_token", "refresh_token", "id_token"]).Select(name => tokens.GetProperty(name).GetString()!)];
        Assert.All(secrets, secret => Assert.DoesNotContain(_site.Logs.Lines, line => line.Contains(secret, StringComparison.Ordinal)));
    }

    private async Task<(CodeFlow Flow, string Code)> StartAsync((string Name, string? Value)? change = null, string user = "alice")
    {
        var browser = new Browser(_site);
        await browser.LoginAsync(user);
        var flow = new CodeFlow(_site);
        return (flow, await flow.CodeAsync(browser, change is { } given ? [given] : []));
    }

    private async Task PutAsync(string path, string change, string sid) =>
        Assert.Equal(HttpStatusCode.OK, (await _site.SendAsync(HttpMethod.Put, "/api/resource/" + path, Body.Text(change, "application/json"), Credentials.Sid(sid))).Status);

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static void AssertInvalidGrant(Answer answer) => Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), (answer.Status, answer.Error));
}
