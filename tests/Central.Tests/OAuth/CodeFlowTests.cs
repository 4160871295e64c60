namespace Microservices.Central.Tests.OAuth;

public sealed class CodeFlowTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    private readonly TestSite _site = fixture.Site;

    [Fact]
    public async Task WholeFlow_GivesTokensOfTheUser()
    {
        var browser = new Browser(_site);
        var flow = new CodeFlow(_site);

        var start = await browser.GetAsync(flow.Address());
        Assert.Equal(HttpStatusCode.SeeOther, start.Status);
        var login = await browser.GetAsync(start.Header("Location"));
        Assert.True(login.Status == HttpStatusCode.OK, string.Join("\n", _site.Logs.Lines.TakeLast(3)));
        Assert.Contains("type=\"password\"", login.Text, StringComparison.Ordinal);
        var back = await browser.SubmitAsync(login, ("usr", "alice"), ("pwd", TestSeed.PasswordOf("alice")));
        Assert.Equal(HttpStatusCode.SeeOther, back.Status);
        var consent = await browser.GetAsync(back.Header("Location"));
        Assert.Contains("Allow", consent.Text, StringComparison.Ordinal);
        var answer = await browser.SubmitAsync(consent, ("decision", "allow"));

        Assert.StartsWith("https://app.example/callback?", answer.Header("Location"), StringComparison.Ordinal);
        Assert.Equal((flow.State, _site.Issuer), (CodeFlow.Parameter(answer, "state"), CodeFlow.Parameter(answer, "iss")));
        var tokens = await flow.ExchangeAsync(CodeFlow.Parameter(answer, "code"));
        Assert.True(tokens.Status == HttpStatusCode.OK, tokens.Text);
        Assert.True(tokens.Json.TryGetProperty("id_token", out _));

        var info = await _site.GetAsync("/oauth/userinfo", Credentials.Bearer(tokens.Json.GetProperty("access_token").GetString()!));
        Assert.Equal(("u-alice", "alice@acme.example", "acme"), (info.Json.GetProperty("sub").GetString(), info.Json.GetProperty("email").GetString(), info.Json.GetProperty("tenant").GetString()));
    }
}
