namespace Microservices.Central.Tests;

public sealed class RevocationTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    private readonly TestSite _site = fixture.Site;

    [Theory]
    [InlineData("/oauth/revoke")]
    [InlineData("/api/method/frappe.integrations.oauth2.revoke_token")]
    public async Task OwnToken_IsInactiveAfterwards(string path)
    {
        var token = await _site.TokenAsync("narrow-app");

        for (var i = 0; i < 2; i++)
        {
            var answer = await _site.PostFormAsync(path, "token=" + token, Credentials.Basic("narrow-app", TestSeed.SecretOf("narrow-app")));
            Assert.Equal((HttpStatusCode.OK, "{}"), (answer.Status, answer.Text));
        }

        Assert.False((await _site.IntrospectAsync("narrow-app", token)).Json.GetProperty("active").GetBoolean());
        Assert.False((await _site.IntrospectAsync("orders", token)).Json.GetProperty("active").GetBoolean());
    }

    [Fact]
    public async Task RevokedToken_IsRefusedByTheSiteItself_AtOnce()
    {
        var token = await _site.TokenAsync("acme-app");
        Assert.Equal(HttpStatusCode.OK, (await _site.GetAsync("/api/method/auth.whoami", Credentials.Bearer(token))).Status);

        await _site.PostFormAsync("/oauth/revoke", "token=" + token, Credentials.Basic("acme-app", TestSeed.SecretOf("acme-app")));

        var refused = await _site.GetAsync("/api/method/auth.whoami", Credentials.Bearer(token));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.Status);
        Assert.Contains("invalid_token", refused.Header("WWW-Authenticate"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("globex-app")]
    [InlineData("orders")]
    public async Task TokenOfAnotherClient_StaysUntouched(string stranger)
    {
        var token = await _site.TokenAsync("narrow-app");

        var answer = await _site.PostFormAsync("/oauth/revoke", "token=" + token, Credentials.Basic(stranger, TestSeed.SecretOf(stranger)));

        Assert.Equal((HttpStatusCode.OK, "{}"), (answer.Status, answer.Text));
        Assert.True((await _site.IntrospectAsync("narrow-app", token)).Json.GetProperty("active").GetBoolean());
    }

    [Fact]
    public async Task PublicClient_RevokesNothingThatIsNotItsOwn()
    {
        var token = await _site.TokenAsync("narrow-app");

        Assert.Equal(HttpStatusCode.OK, (await _site.PostFormAsync("/oauth/revoke", $"token={token}&client_id=spa")).Status);
        Assert.True((await _site.IntrospectAsync("narrow-app", token)).Json.GetProperty("active").GetBoolean());
    }

    [Fact]
    public async Task UnknownToken_Returns200() =>
        Assert.Equal(HttpStatusCode.OK, (await _site.PostFormAsync("/oauth/revoke", "token=unknown", Credentials.Basic("acme-app", TestSeed.SecretOf("acme-app")))).Status);

    [Fact]
    public async Task WithoutClientAuthentication_Returns401AndRevokesNothing()
    {
        var token = await _site.TokenAsync("narrow-app");

        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.PostFormAsync("/oauth/revoke", "token=" + token)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.PostFormAsync("/oauth/revoke", $"token={token}&client_id=narrow-app")).Status);
        Assert.True((await _site.IntrospectAsync("narrow-app", token)).Json.GetProperty("active").GetBoolean());
    }
}
