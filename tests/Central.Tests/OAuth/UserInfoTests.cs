namespace Microservices.Central.Tests.OAuth;

/// <summary>What clients learn of users, and which pages may read it.</summary>
public sealed class UserInfoTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    private readonly TestSite _site = fixture.Site;

    [Theory]
    [InlineData("openid", "sub tenant")]
    [InlineData("openid profile", "sub tenant name preferred_username")]
    [InlineData("openid email", "sub tenant email email_verified")]
    [InlineData("openid roles", "sub tenant roles")]
    public async Task Claims_GoByScope(string scope, string members)
    {
        var answer = await _site.GetAsync("/oauth/userinfo", Credentials.Bearer(await AccessTokenAsync(scope)));

        Assert.Equal("no-store", answer.Header("Cache-Control"));
        Assert.Equal(members.Split(' '), answer.Json.EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task FrappesAddress_AlsoAnswersUnderMessage()
    {
        var answer = await _site.GetAsync("/api/method/frappe.integrations.oauth2.openid_profile", Credentials.Bearer(await AccessTokenAsync("openid email")));

        Assert.Equal("alice@acme.example", answer.Json.GetProperty("email").GetString());
        Assert.Equal("u-alice", answer.Json.GetProperty("message").GetProperty("sub").GetString());
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("Bearer x", "invalid_token")]
    [InlineData("Basic dTpw", null)]
    [InlineData("token bob-key:secret-of-bob-key", null)]
    public async Task WithoutAGoodToken_Is401(string? authorization, string? error)
    {
        var answer = await _site.GetAsync("/oauth/userinfo", authorization is null ? [] : [("Authorization", authorization)]);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.StartsWith("Bearer", answer.Header("WWW-Authenticate"), StringComparison.Ordinal);
        Assert.Equal(error is not null, answer.Header("WWW-Authenticate").Contains("error=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TokenInTheAddressOrTheBody_IsNotTaken()
    {
        var token = await AccessTokenAsync("openid");
        Answer[] inTheAddress = [await _site.GetAsync("/oauth/userinfo?access_token=" + token), await _site.GetAsync("/oauth/userinfo?access_token=x", Credentials.Bearer(token))];

        Assert.All(inTheAddress, answer => Assert.Equal((HttpStatusCode.BadRequest, "Bearer realm=\"oauth\", error=\"invalid_request\""), (answer.Status, answer.Header("WWW-Authenticate"))));
        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.PostFormAsync("/oauth/userinfo", "access_token=" + token)).Status);
    }

    [Fact]
    public async Task TokenOfAClientItself_HasNoUser()
    {
        var answer = await _site.GetAsync("/oauth/userinfo", Credentials.Bearer(await _site.TokenAsync("acme-app")));

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
    }

    [Fact]
    public async Task PageOfARegisteredOrigin_MayRead_AndNoOther()
    {
        var flow = new CodeFlow(_site, "spa", "https://spa.example/cb");
        var tokens = await flow.TokensAsync("alice");
        var bearer = Credentials.Bearer(tokens.Json.GetProperty("access_token").GetString()!);

        foreach (var (origin, allowed) in new[] { ("https://spa.example", "https://spa.example"), ("https://evil.example", ""), ("https://spa.example.evil.example", ""), ("null", "") })
        {
            var answer = await _site.GetAsync("/oauth/userinfo", bearer, ("Origin", origin));
            Assert.Equal((allowed, ""), (answer.Header("Access-Control-Allow-Origin"), answer.Header("Access-Control-Allow-Credentials")));
            var preflight = await _site.SendAsync(HttpMethod.Options, "/oauth/token", null, ("Origin", origin), ("Access-Control-Request-Method", "POST"));
            Assert.Equal((HttpStatusCode.NoContent, allowed), (preflight.Status, preflight.Header("Access-Control-Allow-Origin")));
            var page = await _site.GetAsync("/login", ("Origin", origin));
            Assert.Equal("", page.Header("Access-Control-Allow-Origin"));
        }

        // Registered for one client does not open the answers to another.
        var other = await new CodeFlow(_site).TokensAsync("alice");
        var foreign = await _site.GetAsync("/oauth/userinfo", Credentials.Bearer(other.Json.GetProperty("access_token").GetString()!), ("Origin", "https://spa.example"));
        Assert.Equal("", foreign.Header("Access-Control-Allow-Origin"));
    }

    private async Task<string> AccessTokenAsync(string scope) =>
        (await new CodeFlow(_site).TokensAsync("alice", ("scope", scope))).Json.GetProperty("access_token").GetString()!;
}
