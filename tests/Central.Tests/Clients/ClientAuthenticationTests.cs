namespace Microservices.Central.Tests.Clients;

/// <summary>How clients prove who they are, at each endpoint that asks for it.</summary>
public sealed class ClientAuthenticationTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    private readonly TestSite _site = fixture.Site;

    public static TheoryData<string, string> Endpoints => new()
    {
        { "/oauth/token", "grant_type=client_credentials" },
        { "/api/method/frappe.integrations.oauth2.get_token", "grant_type=client_credentials" },
        { "/oauth/introspect", "token=x" },
        { "/api/method/frappe.integrations.oauth2.introspect_token", "token=x" },
        { "/oauth/revoke", "token=x" },
        { "/api/method/frappe.integrations.oauth2.revoke_token", "token=x" },
        { "/oauth/device_authorization", "scope=orders.read" },
    };

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task NoProof_IsInvalidClientWithOneText(string path, string form)
    {
        var secret = Uri.EscapeDataString(TestSeed.SecretOf("acme-app"));
        Answer[] answers =
        [
            await _site.PostFormAsync(path, form),
            await _site.PostFormAsync(path, form + "&client_id=acme-app"), // confidential, and its id alone
            await _site.PostFormAsync(path, form + "&client_id=acme-app&client_secret="),
            await _site.PostFormAsync(path, form + "&client_id=acme-app&client_secret=wrong"),
            await _site.PostFormAsync(path, form + "&client_id=nobody&client_secret=" + secret),
            await _site.PostFormAsync(path, form + "&client_id=spa&client_secret=" + secret), // public, with a secret
            await _site.PostFormAsync(path, form + "&client_secret=" + secret),
            await _site.PostFormAsync(path, form, Credentials.Basic("spa", "")),
            await _site.PostFormAsync(path, form, Credentials.Basic("signing", TestSeed.SecretOf("signing"))), // registered for another way
        ];

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client", "no-store"), (answer.Status, answer.Error, answer.Header("Cache-Control"))));
        Assert.All(answers, answer => Assert.StartsWith("Basic ", answer.Header("WWW-Authenticate"), StringComparison.Ordinal));
        Assert.Single(answers.Select(answer => answer.Text).Distinct());
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task TwoWaysAtOnceOrTwoIds_AreInvalidRequest(string path, string form)
    {
        var secret = Uri.EscapeDataString(TestSeed.SecretOf("acme-app"));
        var basic = Credentials.Basic("acme-app", TestSeed.SecretOf("acme-app"));
        Answer[] answers =
        [
            await _site.PostFormAsync(path, form + "&client_id=acme-app&client_secret=" + secret, basic),
            await _site.PostFormAsync(path, form + "&client_secret=" + secret, basic),
            await _site.PostFormAsync(path, form + "&client_id=globex-app", basic),
            await _site.PostFormAsync(path, form + "&client_id=ACME-APP", basic),
            await _site.PostFormAsync(path, form + "&" + AssertionKey.Form("x"), basic),
            await _site.PostFormAsync(path, $"{form}&client_id=acme-app&client_id=acme-app&client_secret={secret}"),
        ];

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer.Error)));
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task CredentialsInTheAddress_AreRefused_EvenBesideGoodOnes(string path, string form)
    {
        var basic = Credentials.Basic("acme-app", TestSeed.SecretOf("acme-app"));
        foreach (var query in (string[])["?client_id=acme-app", "?client_secret=x", "?client_assertion=x", "?client_assertion_type=x", "?Client_Secret=x", "?a=b&client%5Fsecret=x"])
        {
            var answer = await _site.PostFormAsync(path + query, form, basic);
            Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer.Error));
        }
    }

    [Theory]
    [InlineData("acme-app")]
    [InlineData("posting")]
    public async Task SecretMayBeSentEitherWay(string client)
    {
        Assert.Equal(HttpStatusCode.OK, (await _site.AskForTokenAsync(client)).Status);
        Assert.Equal(
            HttpStatusCode.OK,
            (await _site.PostFormAsync("/oauth/token", $"grant_type=client_credentials&client_id={client}&client_secret={Uri.EscapeDataString(TestSeed.SecretOf(client))}")).Status);
    }

    [Fact]
    public async Task ResourceServerWithoutGrants_IntrospectsAndGetsNoToken()
    {
        var token = await _site.TokenAsync("narrow-app");

        Assert.True((await _site.IntrospectAsync("orders", token)).Json.GetProperty("active").GetBoolean());
        foreach (var grant in (string[])["client_credentials", "authorization_code&code=x", "refresh_token&refresh_token=x", "urn:ietf:params:oauth:grant-type:device_code&device_code=x"])
        {
            var answer = await _site.PostFormAsync("/oauth/token", "grant_type=" + grant, Credentials.Basic("orders", TestSeed.SecretOf("orders")));
            Assert.Equal((HttpStatusCode.BadRequest, "unauthorized_client"), (answer.Status, answer.Error));
        }
    }

    [Fact]
    public async Task Secrets_OverlapForOneRotation_AndOnlyClientsWithASecretHaveThem()
    {
        var sid = await _site.LoginAsync("root");
        var first = TestSeed.SecretOf("globex-app");
        var second = await CreateAsync("globex-app");

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK], [await AskAsync(first), await AskAsync(second)]);
        var third = await CreateAsync("globex-app");
        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.OK, HttpStatusCode.OK], [await AskAsync(first), await AskAsync(second), await AskAsync(third)]);
        foreach (var client in (string[])["spa", "signing"])
        {
            Assert.Equal("ValidationError", (await TryCreateAsync(client)).ErrorType);
        }

        Task<Answer> TryCreateAsync(string client) => _site.PostJsonAsync("/api/method/central.clients.create_secret", new { client_id = client }, Credentials.Sid(sid));
        async Task<string> CreateAsync(string client) => (await TryCreateAsync(client)).Json.GetProperty("message").GetProperty("client_secret").GetString()!;
        async Task<HttpStatusCode> AskAsync(string secret) => (await _site.PostFormAsync("/oauth/token", "grant_type=client_credentials", Credentials.Basic("globex-app", secret))).Status;
    }

    [Theory]
    [InlineData("""{"keys":[]}""")]
    [InlineData("")]
    [InlineData("""{"keys":[{"kty":"oct","k":"AAAA"}]}""")]
    [InlineData("""{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]}""")]
    [InlineData("""{"keys":[{"kty":"EC","crv":"P-256","x":"AAAA","y":"AAAA"}]}""")]
    [InlineData("""{"keys":[{"KEY","d":"AAAA"}]}""")]
    [InlineData("""{"keys":[{"KEY","use":"enc"}]}""")]
    [InlineData("""{"keys":[{"KEY","alg":"ES384"}]}""")]
    [InlineData("""{"keys":[{"KEY","kid":"a"},{"KEY","kid":"a"}]}""")]
    [InlineData("""{"keys":[{"KEY"},{"KEY"}]}""")]
    [InlineData("""{"keys":[1,"x",null]}""")]
    public async Task ClientThatSigns_TakesUsablePublicKeys(string jwks)
    {
        var key = AssertionKey.Registered.PublicJwk();
        var members = $"\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"{key["x"]}\",\"y\":\"{key["y"]}\"";

        var answer = await _site.PostJsonAsync(
            "/api/resource/OAuth Client",
            new { client_id = $"new-{Guid.NewGuid():N}", token_endpoint_auth_method = "private_key_jwt", jwks = jwks.Replace("\"KEY\"", members, StringComparison.Ordinal) },
            Credentials.Sid(await _site.LoginAsync("root")));

        Assert.Equal("ValidationError", answer.ErrorType);
    }
}
