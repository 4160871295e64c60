namespace Microservices.Central.Tests.OAuth;

/// <summary>What a client may not have any more, it does not get by what users gave it before.</summary>
public sealed class NarrowedClientTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    private const string RedirectUri = "https://narrowed.example/cb";

    private readonly TestSite _site = fixture.Site;

    [Fact]
    public async Task ScopeThatTheClientLost_IsNotRefreshed()
    {
        var (flow, refresh) = await GrantedAsync("lost-scope");
        await ChangeAsync("lost-scope", """{"scope":"openid offline_access"}""");

        AssertRefused(await flow.RefreshAsync(refresh, ("scope", "openid profile")), "invalid_scope");
        Assert.Equal("openid offline_access", (await flow.RefreshAsync(refresh)).Json.GetProperty("scope").GetString());
    }

    [Theory]
    [InlineData("lost-refresh", """{"scope":"openid profile"}""")]
    [InlineData("lost-everything", """{"scope":"orders.read"}""")]
    [InlineData("lost-tenant", """{"tenant":"globex"}""")]
    [InlineData("lost-resource", """{"resources":"billing"}""")]
    public async Task GrantThatTheClientCouldNotGetNow_IsNotRefreshed(string client, string change)
    {
        var (flow, refresh) = await GrantedAsync(client);
        await ChangeAsync(client, change);

        AssertRefused(await flow.RefreshAsync(refresh), "invalid_grant");
    }

    [Fact]
    public async Task CodeOfBefore_IsWorthNothing()
    {
        var flow = await CreateAsync("lost-code");
        var code = await flow.CodeAsync(await DeviceFlow.BrowserOfAsync(_site, "alice"));
        await ChangeAsync("lost-code", """{"tenant":"globex"}""");

        AssertRefused(await flow.ExchangeAsync(code), "invalid_grant");
    }

    [Fact]
    public async Task ClientThatIsMadeAgain_AsksItsUsersAgain()
    {
        var flow = await CreateAsync("again");
        var browser = await DeviceFlow.BrowserOfAsync(_site, "alice");
        await flow.CodeAsync(browser);
        Assert.NotEmpty(CodeFlow.Parameter(await browser.GetAsync(flow.Address()), "code"));

        Assert.Equal(HttpStatusCode.Accepted, (await _site.SendAsync(HttpMethod.Delete, "/api/resource/OAuth Client/again", null, await RootAsync())).Status);
        await CreateAsync("again");

        Assert.Contains("Read and change there what you may", (await browser.GetAsync(flow.Address())).Text, StringComparison.Ordinal);
    }

    private async Task<(CodeFlow Flow, string RefreshToken)> GrantedAsync(string client)
    {
        var flow = await CreateAsync(client);
        return (flow, (await flow.TokensAsync("alice")).Json.GetProperty("refresh_token").GetString()!);
    }

    private async Task<CodeFlow> CreateAsync(string client)
    {
        var made = await _site.PostJsonAsync(
            "/api/resource/OAuth Client",
            new { client_id = client, token_endpoint_auth_method = "none", grant_types = "authorization_code refresh_token", redirect_uris = RedirectUri, scope = "openid profile email roles offline_access", resources = "orders\nbilling" },
            await RootAsync());
        Assert.True(made.Status == HttpStatusCode.Created, made.Text);
        return new CodeFlow(_site, client, RedirectUri) { IsPublic = true };
    }

    private async Task ChangeAsync(string client, string change) => Assert.Equal(
        HttpStatusCode.OK, (await _site.SendAsync(HttpMethod.Put, "/api/resource/OAuth Client/" + client, Body.Text(change, "application/json"), await RootAsync())).Status);

    private async Task<(string, string)> RootAsync() => Credentials.Sid(await _site.LoginAsync("root"));

    private static void AssertRefused(Answer answer, string error) => Assert.Equal((HttpStatusCode.BadRequest, error), (answer.Status, answer.Error));
}
