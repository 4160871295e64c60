using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Microservices.Central.Tests.Clients;

/// <summary>What clients sign to prove who they are: what is accepted, and every way to get in without the key. Time stands still unless it is moved.</summary>
public sealed class ClientAssertionTests(ClientAssertionTests.Fixture fixture) : IClassFixture<ClientAssertionTests.Fixture>
{
    private const string Grant = "grant_type=client_credentials&";

    private static readonly AssertionKey s_key = AssertionKey.Registered;
    private static readonly AssertionKey s_foreign = new("key-1");

    private readonly TestSite _site = fixture.Sites[0];

    private DateTimeOffset Now => fixture.Clock.GetUtcNow();

    [Fact]
    public async Task GoodAssertion_IsAcceptedAtEachEndpoint()
    {
        var answer = await AskAsync(Sign());
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        var token = answer.Json.GetProperty("access_token").GetString()!;
        Assert.Equal("signing", Jwt.Claims(token).GetProperty("sub").GetString());

        var introspection = await _site.PostFormAsync("/oauth/introspect", $"token={token}&{AssertionKey.Form(Sign())}");
        Assert.True(introspection.Json.GetProperty("active").GetBoolean());
        Assert.Equal(HttpStatusCode.OK, (await _site.PostFormAsync("/oauth/device_authorization", AssertionKey.Form(Sign()))).Status);
        Assert.Equal(HttpStatusCode.OK, (await _site.PostFormAsync("/oauth/revoke", $"token={token}&{AssertionKey.Form(Sign())}")).Status);
        introspection = await _site.PostFormAsync("/oauth/introspect", $"token={token}&{AssertionKey.Form(Sign())}");
        Assert.False(introspection.Json.GetProperty("active").GetBoolean());
    }

    [Theory]
    [InlineData("JWT")]
    [InlineData("client-authentication+jwt")]
    public async Task TypeOfAssertions_IsAccepted(string type) => await AssertAcceptedAsync(Sign(header: header => header["typ"] = type));

    [Fact]
    public async Task ClientIdBesideIt_MayBeSent() =>
        Assert.Equal(HttpStatusCode.OK, (await _site.PostFormAsync("/oauth/token", $"{Grant}client_id=signing&{AssertionKey.Form(Sign())}")).Status);

    [Fact]
    public async Task KeyWithoutMembersThatAreOptional_IsOneForES256()
    {
        await AssertAcceptedAsync(s_key.Sign("bare", Now, header: header => header.Remove("kid")));
        var jwk = s_key.PublicJwk();
        var thumbprint = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{jwk["x"]}}","y":"{{jwk["y"]}}"}""")));
        await AssertAcceptedAsync(s_key.Sign("bare", Now, header: header => header["kid"] = thumbprint));
    }

    [Fact]
    public async Task KidMayBeLeftOut_OnlyWhereThereIsOneKey()
    {
        await AssertAcceptedAsync(s_key.Sign("two-keys", Now));
        await AssertRefusedAsync(s_key.Sign("two-keys", Now, header: header => header.Remove("kid")));
    }

    public static TheoryData<string, string> WrongClaims => new()
    {
        { "aud", "\"https://site.example/\"" }, { "aud", "\"https://site.example/oauth/token\"" }, { "aud", "[\"https://site.example\"]" }, { "aud", "[\"https://site.example\",\"https://evil.example\"]" },
        { "aud", "\"https://evil.example\"" }, { "aud", "null" }, { "aud", "" },
        { "iss", "\"acme-app\"" }, { "iss", "\"Signing\"" }, { "iss", "\"https://site.example\"" }, { "iss", "" },
        { "sub", "\"bare\"" }, { "sub", "\"nobody\"" }, { "sub", "\"u-alice\"" }, { "sub", "7" }, { "sub", "" },
        { "exp", "\"4102444800\"" }, { "exp", "1893499200" }, { "exp", "0" }, { "exp", "-1" }, { "exp", "1e400" }, { "exp", "null" }, { "exp", "" }, { "exp", "1893499501" }, { "exp", "4102444800" },
        { "jti", "\"\"" }, { "jti", "1" }, { "jti", "null" }, { "jti", "" },
        { "iat", "1893499300" }, { "iat", "\"1893499200\"" }, { "nbf", "1893499300" }, { "nbf", "\"x\"" },
    };

    [Theory]
    [MemberData(nameof(WrongClaims))]
    public async Task WrongClaim_IsRefused(string claim, string json) => await AssertRefusedAsync(Sign(claims =>
    {
        claims.Remove(claim);
        if (json.Length > 0)
        {
            claims[claim] = JsonNode.Parse(json);
        }
    }));

    [Fact]
    public async Task LongestLife_IsFiveMinutes() => await AssertAcceptedAsync(Sign(claims => claims["exp"] = (Now + TimeSpan.FromMinutes(5)).ToUnixTimeSeconds()));

    [Fact]
    public async Task IssuerThatIsAnotherClientOfTheSameKey_IsRefused() => await AssertRefusedAsync(Sign(claims => claims["iss"] = "bare"));

    [Fact]
    public async Task OtherAlgorithms_AreRefused()
    {
        foreach (var alg in (string[])["none", "None", "NONE", "", "HS256", "RS256", "ES384", "es256"])
        {
            await AssertRefusedAsync(Sign(header: header => header["alg"] = alg));
        }

        await AssertRefusedAsync(Sign(header: header => header.Remove("alg")));
        foreach (var none in (string[])["none", "None", "nOnE"])
        {
            var unsigned = s_key.Input("signing", Now, changeHeader: header => header["alg"] = none);
            await AssertRefusedAsync(unsigned + ".");
            await AssertRefusedAsync(unsigned);
        }
    }

    [Fact]
    public async Task PublicKeyAsSharedSecret_IsRefused()
    {
        byte[][] secrets = [s_key.PublicPem(), Encoding.UTF8.GetBytes(s_key.PublicJwk().ToJsonString()), [.. s_key.PublicPem().SkipLast(1)], Encoding.ASCII.GetBytes((string)s_key.PublicJwk()["x"]!), []];
        foreach (var secret in secrets)
        {
            var input = s_key.Input("signing", Now, changeHeader: header => header["alg"] = "HS256");
            await AssertRefusedAsync($"{input}.{Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(input)))}");
        }
    }

    [Fact]
    public async Task ForeignKey_IsRefused_HoweverItIsBrought()
    {
        await AssertRefusedAsync(s_foreign.Sign("signing", Now));
        await AssertRefusedAsync(s_foreign.Sign("signing", Now, header: header => header.Remove("kid")));
        await AssertRefusedAsync(s_foreign.Sign("signing", Now, header: header => header["jwk"] = s_foreign.PublicJwk()));
        await AssertRefusedAsync(s_foreign.Sign("signing", Now, header: header => header["jku"] = "https://evil.example/jwks.json"));
        await AssertRefusedAsync(s_foreign.Sign("signing", Now, header: header => header["x5u"] = "https://evil.example/cert.pem"));
        await AssertRefusedAsync(s_foreign.Sign("signing", Now, header: header => header["x5c"] = new JsonArray("MIIB")));

        // Not even beside the right key: whoever names addresses or keys is not heard.
        await AssertRefusedAsync(Sign(header: header => header["jku"] = "https://site.example/oauth/jwks"));
        await AssertRefusedAsync(Sign(header: header => header["jwk"] = s_key.PublicJwk()));
        await AssertRefusedAsync(Sign(header: header => header["crit"] = new JsonArray("exp")));
        foreach (var kid in (string[])["../../dev/null", "' or '1'='1", "https://evil.example/", "KEY-1", new('k', 300)])
        {
            await AssertRefusedAsync(Sign(header: header => header["kid"] = kid));
        }

        await AssertRefusedAsync(Sign(header: header => header["kid"] = 1));
        await AssertRefusedAsync(s_key.Sign("bare", Now, header: header => header["kid"] = 1));
    }

    [Fact]
    public async Task OtherTypes_AreRefused()
    {
        foreach (var type in (string[])["at+jwt", "jwt", "JOSE", "dpop+jwt"])
        {
            await AssertRefusedAsync(Sign(header: header => header["typ"] = type));
        }

        await AssertRefusedAsync(Sign(header: header => header["typ"] = 1));
        await AssertRefusedAsync(await _site.TokenAsync("acme-app")); // the site's own signature proves nobody's identity
    }

    [Fact]
    public async Task DamagedAssertion_IsRefused()
    {
        var good = Sign();
        var parts = good.Split('.');
        string[] damaged =
        [
            "x", "..", "a.b.c", good + "A", good[..^2], good[..^1] + (good[^1] == 'A' ? 'B' : 'A'), $"{parts[0]}.{parts[1]}", $"{good}.{parts[2]}", $"{parts[0]}.{parts[1]}.{new string('A', 86)}",
            good + "%3D", "+" + good, good.Replace('.', ','), new('x', 20_000), $"{{\"payload\":\"{parts[1]}\"}}",
        ];

        foreach (var assertion in damaged)
        {
            await AssertRefusedAsync(assertion);
        }

        await AssertAcceptedAsync(good); // none of these has used it up
    }

    [Fact]
    public async Task DuplicateMember_IsRefused()
    {
        var input = $"{s_key.Input("signing", Now).Split('.')[0]}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"iss":"signing","sub":"nobody","sub":"signing","aud":"https://site.example","exp":{{(Now + TimeSpan.FromMinutes(1)).ToUnixTimeSeconds()}},"jti":"d"}"""))}";

        await AssertRefusedAsync(input + "." + Sign().Split('.')[2]);
    }

    [Theory]
    [InlineData("client_assertion={0}")]
    [InlineData("client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer")]
    [InlineData("client_assertion_type=urn:ietf:params:oauth:client-assertion-type:saml2-bearer&client_assertion={0}")]
    [InlineData("client_assertion_type=jwt-bearer&client_assertion={0}")]
    [InlineData("client_id=bare&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer&client_assertion={0}")]
    public async Task HalfOrContradictingParameters_AreInvalidClient(string form)
    {
        var answer = await _site.PostFormAsync("/oauth/token", Grant + form.Replace("{0}", Sign(), StringComparison.Ordinal));

        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (answer.Status, answer.Error));
    }

    [Fact]
    public async Task AssertionBesideAnotherWay_IsInvalidRequest()
    {
        Answer[] answers =
        [
            await _site.PostFormAsync("/oauth/token", $"{Grant}client_secret=x&{AssertionKey.Form(Sign())}"),
            await _site.PostFormAsync("/oauth/token", Grant + AssertionKey.Form(Sign()), Credentials.Basic("signing", "x")),
            await _site.PostFormAsync("/oauth/token", Grant + AssertionKey.Form(Sign()), Credentials.Bearer("x")),
            await _site.PostFormAsync("/oauth/token?client_assertion=" + Sign(), Grant + AssertionKey.Form(Sign())),
            await _site.PostFormAsync("/oauth/token", $"{Grant}{AssertionKey.Form(Sign())}&client_assertion=x"),
        ];

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer.Error)));
    }

    [Fact]
    public async Task OnlyTheRegisteredMethod_IsAccepted()
    {
        await AssertRefusedAsync(s_key.Sign("acme-app", Now)); // has a secret
        await AssertRefusedAsync(s_key.Sign("spa", Now)); // is public
        await AssertRefusedAsync(s_key.Sign("nobody", Now));
        await AssertInvalidClientAsync(_site.PostFormAsync("/oauth/token", Grant + "client_id=signing"));
        await AssertInvalidClientAsync(_site.PostFormAsync("/oauth/token", Grant + "client_id=signing&client_secret=" + Uri.EscapeDataString(TestSeed.SecretOf("signing"))));
        await AssertInvalidClientAsync(_site.PostFormAsync("/oauth/token", Grant, Credentials.Basic("signing", TestSeed.SecretOf("signing"))));
        await AssertInvalidClientAsync(_site.PostFormAsync("/oauth/introspect", "token=x&client_id=signing"));
    }

    [Fact]
    public async Task Replay_IsRefused_InAnotherProcessTooAndWhateverElseIsAsked()
    {
        var assertion = Sign();
        await AssertAcceptedAsync(assertion);

        foreach (var site in fixture.Sites)
        {
            await AssertInvalidClientAsync(site.PostFormAsync("/oauth/token", Grant + AssertionKey.Form(assertion)));
            await AssertInvalidClientAsync(site.PostFormAsync("/oauth/introspect", "token=x&" + AssertionKey.Form(assertion)));
        }

        var jti = (string)JsonNode.Parse(Base64Url.DecodeFromChars(assertion.Split('.')[1]))!["jti"]!;
        await AssertRefusedAsync(Sign(claims => (claims["jti"], claims["exp"]) = (jti, (Now + TimeSpan.FromMinutes(2)).ToUnixTimeSeconds()))); // signed anew
        await AssertAcceptedAsync(s_key.Sign("bare", Now, claims => claims["jti"] = jti, header => header.Remove("kid"))); // each client counts its own
    }

    [Fact]
    public async Task ParallelReplayOverBothProcesses_HasOneWinner()
    {
        var assertion = Sign();

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => fixture.Sites[i % 2].PostFormAsync("/oauth/token", Grant + AssertionKey.Form(assertion))));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.Equal(11, answers.Count(answer => answer.Status == HttpStatusCode.Unauthorized));
    }

    private string Sign(Action<JsonObject>? claims = null, Action<JsonObject>? header = null) => s_key.Sign("signing", Now, claims, header);

    private Task<Answer> AskAsync(string assertion) => _site.PostFormAsync("/oauth/token", Grant + AssertionKey.Form(assertion));

    private async Task AssertAcceptedAsync(string assertion)
    {
        var answer = await AskAsync(assertion);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
    }

    private Task AssertRefusedAsync(string assertion) => AssertInvalidClientAsync(AskAsync(assertion));

    private static async Task AssertInvalidClientAsync(Task<Answer> task)
    {
        var answer = await task;
        Assert.True((answer.Status, answer.Error) == (HttpStatusCode.Unauthorized, "invalid_client"), answer.Text);
    }

    /// <summary>Two sites on one database.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        private readonly SiteStorage _storage = new();

        internal ManualTimeProvider Clock { get; } = new();

        public List<TestSite> Sites { get; } = [];

        public async ValueTask InitializeAsync()
        {
            for (var i = 0; i < 2; i++)
            {
                Sites.Add(await _storage.StartAsync(new SiteOptions { Clock = Clock, Seed = TestSeed.Of() }));
            }
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var site in Sites)
            {
                await site.DisposeAsync();
            }

            await _storage.DisposeAsync();
        }
    }
}
