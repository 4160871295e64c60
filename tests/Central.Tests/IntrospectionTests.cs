using System.Buffers.Text;
using System.Text;

namespace Microservices.Central.Tests;

public sealed class IntrospectionTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    private const string Inactive = """{"active":false}""";

    private readonly TestSite _site = fixture.Site;

    [Theory]
    [InlineData("/oauth/introspect")]
    [InlineData("/api/method/frappe.integrations.oauth2.introspect_token")]
    public async Task OwnToken_IsDescribedAtTopLevel(string path)
    {
        var token = await _site.TokenAsync("acme-app");

        var answer = await _site.PostFormAsync(path, "token=" + token, Credentials.Basic("acme-app", TestSeed.SecretOf("acme-app")));

        Assert.Equal("no-store", answer.Header("Cache-Control"));
        var json = answer.Json;
        Assert.True(json.GetProperty("active").GetBoolean());
        Assert.Equal(
            ("https://site.example", "acme-app", "acme-app", "https://site.example", "orders.read orders.write", "acme", "Bearer"),
            (Text(json, "iss"), Text(json, "sub"), Text(json, "client_id"), Text(json, "aud"), Text(json, "scope"), Text(json, "tenant"), Text(json, "token_type")));
        Assert.Equal(["Sales User"], json.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        Assert.True(json.GetProperty("exp").GetInt64() > json.GetProperty("iat").GetInt64());
    }

    [Theory]
    [InlineData("")]
    [InlineData("access_token")]
    [InlineData("refresh_token")]
    [InlineData("SESSION")]
    public async Task HintsAreOnlyHints(string hint)
    {
        var answer = await _site.IntrospectAsync("acme-app", await _site.TokenAsync("acme-app"), hint);

        Assert.True(answer.Json.GetProperty("active").GetBoolean());
    }

    [Fact]
    public async Task ResourceServer_SeesTokensForItselfAndNoOthers()
    {
        var forOrders = await _site.TokenAsync("narrow-app");
        var forBilling = await _site.TokenAsync("narrow-app", "&resource=billing");

        Assert.True((await _site.IntrospectAsync("orders", forOrders)).Json.GetProperty("active").GetBoolean());
        Assert.Equal(Inactive, (await _site.IntrospectAsync("orders", forBilling)).Text);
        Assert.Equal(Inactive, (await _site.IntrospectAsync("orders", await _site.TokenAsync("acme-app"))).Text);
    }

    [Fact]
    public async Task Stranger_LearnsNothing()
    {
        Assert.Equal(Inactive, (await _site.IntrospectAsync("globex-app", await _site.TokenAsync("acme-app"))).Text);
        Assert.Equal(Inactive, (await _site.IntrospectAsync("bystander", await _site.TokenAsync("acme-app"))).Text);
    }

    [Fact]
    public async Task ServiceOfOneTenant_LearnsOfThatTenantOnly()
    {
        var (acme, globex) = (await _site.LoginAsync("alice"), await _site.LoginAsync("carol"));

        Assert.Equal(Inactive, (await _site.IntrospectAsync("globex-orders", acme, "session")).Text);
        Assert.True((await _site.IntrospectAsync("globex-orders", globex, "session")).Json.GetProperty("active").GetBoolean());
        Assert.Equal(Inactive, (await _site.IntrospectAsync("globex-orders", TestSeed.PairOf("bob-key"), "api_key")).Text);
        Assert.Equal(Inactive, (await _site.IntrospectAsync("globex-orders", await _site.TokenAsync("narrow-app"))).Text);
    }

    [Fact]
    public async Task ForgedTokens_AreInactive()
    {
        var token = await _site.TokenAsync("acme-app");
        var parts = token.Split('.');
        var claims = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1]));
        var widened = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims.Replace("Sales User", "Administrator", StringComparison.Ordinal)));
        var none = Base64Url.EncodeToString("""{"alg":"none","typ":"at+jwt"}"""u8);
        string[] forged =
        [
            "x", "a.b.c", token + "A", token[..^2], $"{parts[0]}.{widened}.{parts[2]}", $"{none}.{parts[1]}.", $"{none}.{parts[1]}.{parts[2]}", $"{parts[0]}.{parts[1]}", token + "=", token + "\n",
            new('x', 20_000),
        ];

        foreach (var sent in forged)
        {
            Assert.Equal((HttpStatusCode.OK, Inactive), await ResultAsync(sent));
        }

        async Task<(HttpStatusCode, string)> ResultAsync(string sent) => await _site.IntrospectAsync("acme-app", sent) is var answer ? (answer.Status, answer.Text) : default;
    }

    [Fact]
    public async Task WithoutClientAuthentication_Returns401()
    {
        var token = await _site.TokenAsync("acme-app");
        Answer[] answers =
        [
            await _site.PostFormAsync("/oauth/introspect", "token=" + token),
            await _site.PostFormAsync("/oauth/introspect", $"token={token}&client_id=spa"),
            await _site.PostFormAsync("/oauth/introspect", $"token={token}&client_id=acme-app"),
            await _site.PostFormAsync("/oauth/introspect", "token=" + token, Credentials.Basic("acme-app", "wrong")),
            await _site.PostFormAsync("/oauth/introspect", "token=" + token, Credentials.Bearer(token)),
            await _site.PostFormAsync("/oauth/introspect", "token=" + token, Credentials.Key(TestSeed.PairOf("alice-key"))),
        ];

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (answer.Status, answer.Error)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("token=")]
    [InlineData("token=a&token=b")]
    public async Task MissingOrRepeatedToken_IsInvalidRequest(string form)
    {
        var answer = await _site.PostFormAsync("/oauth/introspect", form, Credentials.Basic("orders", TestSeed.SecretOf("orders")));

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer.Error));
    }

    [Fact]
    public async Task TokenInTheAddress_IsInvalidRequest()
    {
        var answer = await _site.PostFormAsync("/oauth/introspect?token=x", "token=x", Credentials.Basic("orders", TestSeed.SecretOf("orders")));

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer.Error));
    }

    [Fact]
    public async Task Session_IsDescribedToWhoMayAsk()
    {
        var sid = await _site.LoginAsync("alice");

        var json = (await _site.IntrospectAsync("orders", sid, "session")).Json;

        Assert.True(json.GetProperty("active").GetBoolean());
        Assert.Equal(("https://site.example", "u-alice", "alice", "acme"), (Text(json, "iss"), Text(json, "sub"), Text(json, "username"), Text(json, "tenant")));
        Assert.Equal(["System Manager", "Sales User"], json.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
    }

    [Fact]
    public async Task ApiKey_IsDescribedWithTheRolesItIsLimitedTo()
    {
        var whole = (await _site.IntrospectAsync("orders", TestSeed.PairOf("alice-key"), "api_key")).Json;
        var limited = (await _site.IntrospectAsync("orders", TestSeed.PairOf("alice-limited"), "api_key")).Json;

        Assert.Equal(["System Manager", "Sales User"], whole.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        Assert.Equal(["Sales User"], limited.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
    }

    [Fact]
    public async Task SessionsAndKeys_AreNotToldWithoutTheRightOrTheExactHint()
    {
        var sid = await _site.LoginAsync("alice");
        Answer[] answers =
        [
            await _site.IntrospectAsync("acme-app", sid, "session"),
            await _site.IntrospectAsync("bystander", TestSeed.PairOf("alice-key"), "api_key"),
            await _site.IntrospectAsync("orders", sid),
            await _site.IntrospectAsync("orders", sid, "Session"),
            await _site.IntrospectAsync("orders", sid, "api_key"),
            await _site.IntrospectAsync("orders", TestSeed.PairOf("alice-key"), "session"),
            await _site.IntrospectAsync("orders", TestSeed.PairOf("alice-key")),
            await _site.IntrospectAsync("orders", TestSeed.PairOf("old-key"), "api_key"),
            await _site.IntrospectAsync("orders", "alice-key:wrong", "api_key"),
            await _site.IntrospectAsync("orders", "ALICE-KEY:secret-of-alice-key", "api_key"),
            await _site.IntrospectAsync("orders", "nokey:secret-of-alice-key", "api_key"),
            await _site.IntrospectAsync("orders", "alice-key", "api_key"),
            await _site.IntrospectAsync("orders", "alice-key:", "api_key"),
            await _site.IntrospectAsync("orders", new string('f', 64), "session"),
            await _site.IntrospectAsync("orders", sid.ToUpperInvariant(), "session"),
        ];

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.OK, Inactive), (answer.Status, answer.Text)));
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
