namespace Microservices.Central.Tests.OAuth;

/// <summary>Refresh tokens: one use each, and a second use ends the family.</summary>
public sealed class RefreshTokenTests(SessionTests.ClockFixture fixture) : IClassFixture<SessionTests.ClockFixture>
{
    private readonly TestSite _site = fixture.Site;
    private readonly CodeFlow _flow = new(fixture.Site);

    [Fact]
    public async Task Use_GivesANewPair_AndTheOldOneIsSpent()
    {
        var first = await RefreshTokenAsync();

        var answer = await _flow.RefreshAsync(first);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var second = Token(answer);
        Assert.NotEqual(first, second);
        Assert.True(answer.Json.TryGetProperty("id_token", out _));
        AssertRefused(await _flow.RefreshAsync(first), "invalid_grant");
    }

    [Fact]
    public async Task Replay_EndsTheFamilyWithItsAccessTokens()
    {
        var first = await RefreshTokenAsync();
        var answer = await _flow.RefreshAsync(first);
        var access = answer.Json.GetProperty("access_token").GetString()!;

        AssertRefused(await _flow.RefreshAsync(first), "invalid_grant");

        AssertRefused(await _flow.RefreshAsync(Token(answer)), "invalid_grant");
        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.GetAsync("/oauth/userinfo", Credentials.Bearer(access))).Status);
        Assert.Contains(_site.Logs.Lines, line => line.Contains("refresh token reuse refused", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ParallelUse_HasOneWinnerAtMost_AndTheFamilyEnds()
    {
        var first = await RefreshTokenAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _flow.RefreshAsync(first)));

        var winners = answers.Where(answer => answer.Status == HttpStatusCode.OK).ToList();
        Assert.InRange(winners.Count, 0, 1);
        Assert.All(answers.Except(winners), answer => AssertRefused(answer, "invalid_grant"));
        foreach (var winner in winners)
        {
            AssertRefused(await _flow.RefreshAsync(Token(winner)), "invalid_grant");
        }
    }

    [Fact]
    public async Task OtherClient_IsRefused_AndTheTokenStaysGood()
    {
        var token = await RefreshTokenAsync();

        AssertRefused(await new CodeFlow(_site, "other").RefreshAsync(token), "invalid_grant");
        AssertRefused(await new CodeFlow(_site, "spa").RefreshAsync(token), "invalid_grant");
        Assert.Equal(HttpStatusCode.OK, (await _flow.RefreshAsync(token)).Status);
    }

    [Fact]
    public async Task SmallerScope_IsForTheAccessTokenOnly()
    {
        var small = await _flow.RefreshAsync(await RefreshTokenAsync(), ("scope", "openid orders.read"));
        var whole = await _flow.RefreshAsync(Token(small));

        Assert.Equal("openid orders.read", small.Json.GetProperty("scope").GetString());
        Assert.Equal("openid profile email roles offline_access orders.read", whole.Json.GetProperty("scope").GetString());
    }

    [Theory]
    [InlineData("scope", "openid orders.write", "invalid_scope")]
    [InlineData("scope", "all", "invalid_scope")]
    [InlineData("resource", "billing", "invalid_target")]
    public async Task MoreThanWasGranted_IsRefused_AndTheTokenStaysGood(string parameter, string value, string error)
    {
        var token = await RefreshTokenAsync();

        AssertRefused(await _flow.RefreshAsync(token, (parameter, value)), error);
        Assert.Equal(HttpStatusCode.OK, (await _flow.RefreshAsync(token)).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task UnknownToken_IsRefused(string token) => AssertRefused(await _flow.RefreshAsync(token), token.Length == 0 ? "invalid_request" : "invalid_grant");

    [Fact]
    public async Task IdleForAWeek_IsTheEnd()
    {
        var token = await RefreshTokenAsync();
        fixture.Clock.Skip(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        token = Token(await _flow.RefreshAsync(token));
        fixture.Clock.Skip(TimeSpan.FromDays(7));

        AssertRefused(await _flow.RefreshAsync(token), "invalid_grant");
    }

    [Fact]
    public async Task ThirtyDays_AreTheEnd_HoweverOftenItIsUsed()
    {
        var token = await RefreshTokenAsync();
        for (var day = 0; day < 30; day += 5)
        {
            token = Token(await _flow.RefreshAsync(token));
            fixture.Clock.Skip(TimeSpan.FromDays(5));
        }

        AssertRefused(await _flow.RefreshAsync(token), "invalid_grant");
    }

    [Fact]
    public async Task Roles_AreReadAnew()
    {
        var token = await RefreshTokenAsync("bob");
        var sid = await _site.LoginAsync("alice");
        await PutAsync("User/bob", """{"roles":[]}""", sid);
        try
        {
            var answer = await _flow.RefreshAsync(token);

            Assert.Empty(Jwt.Claims(answer.Json.GetProperty("access_token").GetString()!).GetProperty("roles").EnumerateArray());
        }
        finally
        {
            await PutAsync("User/bob", """{"roles":[{"role":"Sales User"}]}""", sid);
        }
    }

    [Fact]
    public async Task LogOutEverywhere_EndsIt()
    {
        var token = await RefreshTokenAsync("ada");
        var sid = await _site.LoginAsync("ada");
        Assert.Equal(HttpStatusCode.OK, (await _site.PostFormAsync("/api/method/central.sessions.revoke_all", "", Credentials.Sid(sid))).Status);

        AssertRefused(await _flow.RefreshAsync(token), "invalid_grant");
    }

    [Fact]
    public async Task DisabledUser_LosesIt_AndDoesNotGetItBack()
    {
        var token = await RefreshTokenAsync("bob");
        var sid = await _site.LoginAsync("alice");
        await PutAsync("User/bob", """{"enabled":0}""", sid);
        AssertRefused(await _flow.RefreshAsync(token), "invalid_grant");
        await PutAsync("User/bob", """{"enabled":1}""", sid);

        AssertRefused(await _flow.RefreshAsync(token), "invalid_grant");
    }

    [Fact]
    public async Task Revocation_OfARefreshToken_EndsItsAccessTokens_AndAStrangersDoesNothing()
    {
        var answer = await _flow.TokensAsync("alice");
        var (access, refresh) = (answer.Json.GetProperty("access_token").GetString()!, Token(answer));
        Assert.Equal("refresh_token", (await _site.IntrospectAsync("web", refresh)).Json.GetProperty("token_type").GetString());
        Assert.Equal("""{"active":false}""", (await _site.IntrospectAsync("orders", refresh)).Text);

        await RevokeAsync("other", refresh);
        Assert.True((await _site.IntrospectAsync("web", access)).Json.GetProperty("active").GetBoolean());
        await RevokeAsync("web", refresh);

        Assert.Equal("""{"active":false}""", (await _site.IntrospectAsync("web", access)).Text);
        AssertRefused(await _flow.RefreshAsync(refresh), "invalid_grant");
    }

    [Fact]
    public async Task DeletedClient_TakesWhatItWasGivenAlong()
    {
        await using var storage = new SiteStorage();
        await using var site = await storage.StartAsync(new SiteOptions { Seed = TestSeed.Of("alice", "root") });
        var flow = new CodeFlow(site, "spa", "https://spa.example/cb");
        var access = (await flow.TokensAsync("alice")).Json.GetProperty("access_token").GetString()!;
        var sid = await site.LoginAsync("root");

        Assert.Equal(HttpStatusCode.Accepted, (await site.SendAsync(HttpMethod.Delete, "/api/resource/OAuth Client/spa", null, Credentials.Sid(sid))).Status);

        Assert.Equal(HttpStatusCode.Unauthorized, (await site.GetAsync("/oauth/userinfo", Credentials.Bearer(access))).Status);
    }

    [Fact]
    public async Task Leeway_GivesTheSameSuccessorToALostAnswer_UntilThatIsUsed()
    {
        var seed = TestSeed.Of("alice");
        seed["settings"]!["refresh_token_reuse_leeway_s"] = 10;
        var clock = new ManualTimeProvider();
        await using var storage = new SiteStorage();
        await using var site = await storage.StartAsync(new SiteOptions { Seed = seed, Clock = clock });
        var flow = new CodeFlow(site);
        var first = Token(await flow.TokensAsync("alice"));

        var second = Token(await flow.RefreshAsync(first));
        clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(second, Token(await flow.RefreshAsync(first)));
        Assert.Equal(HttpStatusCode.OK, (await flow.RefreshAsync(second)).Status);
        AssertRefused(await flow.RefreshAsync(first), "invalid_grant");
    }

    [Fact]
    public async Task ImpliedOfflineAccess_GivesARefreshTokenToAnOldClient()
    {
        var seed = TestSeed.Of("alice");
        seed["clients"]!.AsArray().Single(client => (string?)client!["client_id"] == "web")!["implies_offline_access"] = true;
        await using var storage = new SiteStorage();
        await using var site = await storage.StartAsync(new SiteOptions { Seed = seed });

        Assert.NotEmpty(Token(await new CodeFlow(site).TokensAsync("alice", ("scope", "openid"))));
    }

    private async Task<string> RefreshTokenAsync(string user = "alice") =>
        Token(await _flow.TokensAsync(user, ("scope", "openid profile email roles offline_access orders.read")));

    private Task<Answer> RevokeAsync(string client, string token) =>
        _site.PostFormAsync("/oauth/revoke", "token=" + Uri.EscapeDataString(token), Credentials.Basic(client, TestSeed.SecretOf(client)));

    private async Task PutAsync(string path, string change, string sid) =>
        Assert.Equal(HttpStatusCode.OK, (await _site.SendAsync(HttpMethod.Put, "/api/resource/" + path, Body.Text(change, "application/json"), Credentials.Sid(sid))).Status);

    private static string Token(Answer answer)
    {
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return answer.Json.GetProperty("refresh_token").GetString()!;
    }

    private static void AssertRefused(Answer answer, string error) => Assert.Equal((HttpStatusCode.BadRequest, error), (answer.Status, answer.Error));
}
