using System.Buffers.Text;
using System.Text;

namespace Microservices.Central.Tests;

public sealed class TokenEndpointTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    private readonly TestSite _site = fixture.Site;

    [Fact]
    public async Task ClientCredentials_GiveATokenOfTheRegistration()
    {
        var answer = await _site.AskForTokenAsync("acme-app");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("no-store", answer.Header("Cache-Control"));
        Assert.Equal("Bearer", answer.Json.GetProperty("token_type").GetString());
        Assert.Equal(600, answer.Json.GetProperty("expires_in").GetInt32());
        Assert.Equal("orders.read orders.write", answer.Json.GetProperty("scope").GetString());
        var (header, claims) = Decode(answer);
        Assert.Equal(["alg", "typ", "kid"], header.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("ES256", "at+jwt"), (Text(header, "alg"), Text(header, "typ")));
        Assert.Equal(
            ("https://site.example", "acme-app", "https://site.example", "acme-app", "orders.read orders.write", "acme"),
            (Text(claims, "iss"), Text(claims, "sub"), Text(claims, "aud"), Text(claims, "client_id"), Text(claims, "scope"), Text(claims, "tenant")));
        Assert.Equal(["Sales User"], claims.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        Assert.Equal(600, claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());
        Assert.True(Text(claims, "jti").Length >= 32);
    }

    [Fact]
    public async Task EachToken_HasAJtiOfItsOwn()
    {
        var (_, first) = Decode(await _site.AskForTokenAsync("acme-app"));
        var (_, second) = Decode(await _site.AskForTokenAsync("acme-app"));

        Assert.NotEqual(Text(first, "jti"), Text(second, "jti"));
    }

    [Theory]
    [InlineData("/oauth/token")]
    [InlineData("/api/method/frappe.integrations.oauth2.get_token")]
    public async Task SecretInTheBody_IsAcceptedOnEachAddress(string path)
    {
        var answer = await _site.PostFormAsync(path, $"grant_type=client_credentials&client_id=acme-app&client_secret={Uri.EscapeDataString(TestSeed.SecretOf("acme-app"))}");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.True(answer.Json.TryGetProperty("access_token", out _));
    }

    [Fact]
    public async Task ClientOfSecretPost_MayUseBasic()
    {
        Assert.Equal(HttpStatusCode.OK, (await _site.AskForTokenAsync("posting")).Status);
    }

    [Theory]
    [InlineData("narrow-app", "", "orders")]
    [InlineData("narrow-app", "&resource=billing", "billing")]
    [InlineData("acme-app", "&resource=https%3A%2F%2Fsite.example", "https://site.example")]
    [InlineData("signup", "", "central")]
    public async Task Audience_IsTheOneAskedForOrTheDefault(string client, string more, string audience)
    {
        var (_, claims) = Decode(await _site.AskForTokenAsync(client, more));

        Assert.Equal(audience, Text(claims, "aud"));
    }

    [Theory]
    [InlineData("narrow-app", "https://site.example")]
    [InlineData("narrow-app", "Orders")]
    [InlineData("acme-app", "orders")]
    [InlineData("acme-app", "https://site.example/")]
    public async Task ResourceThatIsNotRegistered_IsInvalidTarget(string client, string resource) =>
        AssertError(await _site.AskForTokenAsync(client, "&resource=" + Uri.EscapeDataString(resource)), HttpStatusCode.BadRequest, "invalid_target");

    [Fact]
    public async Task RightsOnThePlatform_StandInTokensForTheCentralSiteOnly()
    {
        var (_, forOrders) = Decode(await _site.AskForTokenAsync("mixed"));
        var (_, forCentral) = Decode(await _site.AskForTokenAsync("mixed", "&resource=central"));

        Assert.Equal(["Helper"], forOrders.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        Assert.Equal(["Tenant Provisioner", "Helper"], forCentral.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        Assert.Equal("platform", Text(forCentral, "tenant"));
    }

    [Fact]
    public async Task LessScope_IsGiven()
    {
        var answer = await _site.AskForTokenAsync("acme-app", "&scope=orders.read");

        Assert.Equal("orders.read", answer.Json.GetProperty("scope").GetString());
    }

    [Theory]
    [InlineData("orders.delete")]
    [InlineData("orders.read orders.delete")]
    [InlineData("ORDERS.READ")]
    [InlineData("openid")]
    [InlineData("offline_access")]
    [InlineData("all")]
    [InlineData("   ")]
    public async Task OtherScope_IsInvalidScope(string scope) =>
        AssertError(await _site.AskForTokenAsync("acme-app", "&scope=" + Uri.EscapeDataString(scope)), HttpStatusCode.BadRequest, "invalid_scope");

    [Theory]
    [InlineData("&tenant=globex&roles=System+Manager&tenant_id=globex&sub=u-alice&username=alice&claims=%7B%7D")]
    [InlineData("&aud=orders&audience=orders&client=orders")]
    public async Task ForgedParameters_AreIgnored(string more)
    {
        var (_, claims) = Decode(await _site.AskForTokenAsync("acme-app", more));

        Assert.Equal(("acme-app", "acme", "https://site.example"), (Text(claims, "sub"), Text(claims, "tenant"), Text(claims, "aud")));
        Assert.Equal(["Sales User"], claims.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
    }

    [Theory]
    [InlineData("", "invalid_request")]
    [InlineData("grant_type=", "invalid_request")]
    [InlineData("Grant_Type=client_credentials", "invalid_request")]
    [InlineData("grant_type=client_credentials&grant_type=client_credentials", "invalid_request")]
    [InlineData("grant_type=client_credentials&x=1&x=2", "invalid_request")]
    [InlineData("grant_type=client_credentials&scope=%zz", "invalid_request")]
    [InlineData("grant_type=client_credentials&scope=%e0%80", "invalid_request")]
    [InlineData("grant_type=client_credentials&scope=%00", "invalid_request")]
    [InlineData("grant_type=client_credentials&scope=%", "invalid_request")]
    [InlineData("grant_type=client_credentials&client_id=globex-app", "invalid_request")]
    [InlineData("grant_type=client_credentials&client_secret=x", "invalid_request")]
    [InlineData("grant_type=client_credentials&client_assertion=x", "invalid_request")]
    [InlineData("grant_type=Client_Credentials", "unsupported_grant_type")]
    [InlineData("grant_type=password&username=alice&password=x", "unsupported_grant_type")]
    [InlineData("grant_type=authorization_code&code=x", "unauthorized_client")]
    [InlineData("grant_type=refresh_token&refresh_token=x", "unauthorized_client")]
    [InlineData("grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=x", "unsupported_grant_type")]
    public async Task MalformedOrUnknownRequest_IsRefusedAsTheRfcSays(string form, string error) =>
        AssertError(await _site.PostFormAsync("/oauth/token", form, Credentials.Basic("acme-app", TestSeed.SecretOf("acme-app"))), HttpStatusCode.BadRequest, error);

    [Theory]
    [InlineData("GRANT_TYPE=x&grant_type=client_credentials")] // the names differ in case: the second is another parameter
    [InlineData("grant_type=client_credentials&&scope=")]
    [InlineData("grant_type=client%5Fcredentials")]
    public async Task HarmlessForm_IsRead(string form) =>
        Assert.Equal(HttpStatusCode.OK, (await _site.PostFormAsync("/oauth/token", form, Credentials.Basic("acme-app", TestSeed.SecretOf("acme-app")))).Status);

    [Fact]
    public async Task ClientsThatDoNotProveWhoTheyAre_GetOneAnswer()
    {
        (string, string)[] wrong =
        [
            Credentials.Basic("acme-app", "wrong"), Credentials.Basic("nobody", "wrong"), Credentials.Basic("ACME-APP", TestSeed.SecretOf("acme-app")), Credentials.Basic("acme-app", ""),
            Credentials.Basic("acme-app", TestSeed.SecretOf("globex-app")), Credentials.Basic("spa", "x"), ("Authorization", "Basic !!!"), ("Authorization", "Basic"), ("Authorization", "Bearer x"),
            ("Authorization", "Basic " + Convert.ToBase64String("nocolon"u8)), ("Authorization", "Basic " + Convert.ToBase64String("a%zz:b"u8)),
        ];
        var answers = new List<Answer>();
        foreach (var header in wrong)
        {
            answers.Add(await _site.PostFormAsync("/oauth/token", "grant_type=client_credentials", header));
        }

        answers.Add(await _site.PostFormAsync("/oauth/token", "grant_type=client_credentials"));
        answers.Add(await _site.PostFormAsync("/oauth/token", "grant_type=client_credentials&client_id=acme-app"));
        answers.Add(await _site.PostFormAsync("/oauth/token", "grant_type=client_credentials&client_id=acme-app&client_secret=wrong"));
        answers.Add(await _site.PostFormAsync("/oauth/token", "grant_type=client_credentials&client_assertion_type=x&client_assertion=y&client_id=acme-app"));

        Assert.All(answers, answer => AssertError(answer, HttpStatusCode.Unauthorized, "invalid_client"));
        Assert.All(answers, answer => Assert.StartsWith("Basic", answer.Header("WWW-Authenticate"), StringComparison.Ordinal));
        Assert.Single(answers.Select(answer => answer.Text).Distinct());
    }

    [Theory]
    [InlineData("orders")]
    [InlineData("bystander")]
    public async Task ClientWithoutTheGrant_IsUnauthorized(string client) =>
        AssertError(await _site.AskForTokenAsync(client), HttpStatusCode.BadRequest, "unauthorized_client");

    [Fact]
    public async Task PublicClient_GetsNoTokenForItself() =>
        AssertError(await _site.PostFormAsync("/oauth/token", "grant_type=client_credentials&client_id=spa"), HttpStatusCode.BadRequest, "unauthorized_client");

    [Theory]
    [InlineData("?client_id=acme-app&client_secret=x")]
    [InlineData("?grant_type=client_credentials")]
    [InlineData("?CLIENT_SECRET=x")]
    public async Task ParametersInTheAddress_AreRefused(string query) =>
        AssertError(
            await _site.PostFormAsync("/oauth/token" + query, "grant_type=client_credentials", Credentials.Basic("acme-app", TestSeed.SecretOf("acme-app"))),
            HttpStatusCode.BadRequest,
            "invalid_request");

    [Theory]
    [InlineData("application/json", """{"grant_type":"client_credentials"}""")]
    [InlineData("text/plain", "grant_type=client_credentials")]
    [InlineData("multipart/form-data; boundary=x", "--x--")]
    public async Task OtherContentType_IsInvalidRequest(string type, string body) =>
        AssertError(
            await _site.SendAsync(HttpMethod.Post, "/oauth/token", Body.Text(body, type), Credentials.Basic("acme-app", TestSeed.SecretOf("acme-app"))),
            HttpStatusCode.BadRequest,
            "invalid_request");

    [Fact]
    public async Task HugeBody_Returns413() =>
        AssertError(
            await _site.PostFormAsync("/oauth/token", "grant_type=client_credentials&x=" + new string('x', 70_000), Credentials.Basic("acme-app", TestSeed.SecretOf("acme-app"))),
            HttpStatusCode.RequestEntityTooLarge,
            "invalid_request");

    [Fact]
    public async Task ManyParameters_AreInvalidRequest() =>
        AssertError(
            await _site.PostFormAsync(
                "/oauth/token", string.Concat(Enumerable.Range(0, 5000).Select(i => $"p{i}=1&")) + "grant_type=client_credentials", Credentials.Basic("acme-app", TestSeed.SecretOf("acme-app"))),
            HttpStatusCode.BadRequest,
            "invalid_request");

    [Fact]
    public async Task TwoAuthorizationHeaders_AreInvalidRequest()
    {
        var (name, value) = Credentials.Basic("acme-app", TestSeed.SecretOf("acme-app"));
        const string form = "grant_type=client_credentials";
        using var connection = new System.Net.Sockets.TcpClient(); // an HttpClient would join the two
        await connection.ConnectAsync(_site.Address.Host, _site.Address.Port, TestContext.Current.CancellationToken);
        var request = $"POST /oauth/token HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{name}: {value}\r\n{name}: {value}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {form.Length}\r\n\r\n{form}";
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);

        var answer = await new StreamReader(connection.GetStream()).ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains("invalid_request", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ApiKeyOrSession_IsNoClient()
    {
        var sid = await _site.LoginAsync("alice");

        AssertError(await _site.PostFormAsync("/oauth/token", "grant_type=client_credentials", Credentials.Key(TestSeed.PairOf("alice-key"))), HttpStatusCode.Unauthorized, "invalid_client");
        AssertError(await _site.PostFormAsync("/oauth/token", "grant_type=client_credentials", Credentials.Sid(sid)), HttpStatusCode.Unauthorized, "invalid_client");
    }

    [Fact]
    public async Task ErrorDescription_HoldsNothingThatWasSent()
    {
        var answer = await _site.AskForTokenAsync("acme-app", "&scope=%3Cscript%3Ecanary");

        Assert.DoesNotContain("canary", answer.Text, StringComparison.Ordinal);
        Assert.Matches(@"\A[\x20-\x21\x23-\x5B\x5D-\x7E]+\z", answer.Json.GetProperty("error_description").GetString()!);
    }

    private static (JsonElement Header, JsonElement Claims) Decode(Answer answer)
    {
        var parts = answer.Json.GetProperty("access_token").GetString()!.Split('.');
        return (JsonDocument.Parse(Base64Url.DecodeFromChars(parts[0])).RootElement, JsonDocument.Parse(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1]))).RootElement);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static void AssertError(Answer answer, HttpStatusCode status, string error)
    {
        Assert.Equal((status, error), (answer.Status, answer.Error));
        Assert.Equal("no-store", answer.Header("Cache-Control"));
    }
}
