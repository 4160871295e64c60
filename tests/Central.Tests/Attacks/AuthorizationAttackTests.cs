using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;

namespace Microservices.Central.Tests.Attacks;

/// <summary>Attacks on the authorization endpoint that need no user's help: parameters that look like others, another server's name, headers in values, and addresses to fetch.</summary>
public sealed class AuthorizationAttackTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    private readonly TestSite _site = fixture.Site;

    [Theory]
    [InlineData("Redirect_Uri")]
    [InlineData("REDIRECT_URI")]
    [InlineData("redirect_uri[]")]
    [InlineData("redirect_uri[0]")]
    [InlineData("redirect-uri")]
    [InlineData("redirect_uri ")]
    [InlineData("redirect_uri.")]
    [InlineData("redirectUri")]
    [InlineData("redirect_url")]
    [InlineData("redir\u0435ct_uri")]
    public async Task LookAlikeOfTheAddress_IsAnotherParameter(string name)
    {
        var browser = await SignedInAsync("ada");
        var flow = new CodeFlow(_site, "own", "https://own.example/cb");
        var evil = $"{Uri.EscapeDataString(name)}={Uri.EscapeDataString("https://evil.example/")}";

        foreach (var address in (string[])[$"{flow.Address()}&{evil}", flow.Address().Replace("?", $"?{evil}&", StringComparison.Ordinal)])
        {
            var answer = await browser.GetAsync(address);
            Assert.StartsWith("https://own.example/cb?code=", answer.Header("Location"), StringComparison.Ordinal);
        }

        // In the place of the real one it is none.
        var alone = await browser.GetAsync($"{flow.Address(("redirect_uri", null))}&{Uri.EscapeDataString(name)}={Uri.EscapeDataString(flow.RedirectUri)}");
        Assert.Equal((HttpStatusCode.BadRequest, ""), (alone.Status, alone.Header("Location")));
    }

    [Theory]
    [InlineData("Client_Id=other")]
    [InlineData("client_id[]=other")]
    [InlineData("Response_Type=token")]
    [InlineData("Code_Challenge_Method=plain")]
    [InlineData("SCOPE=all")]
    [InlineData("iss=https%3A%2F%2Fevil.example")]
    [InlineData("code=planted")]
    public async Task OtherLookAlikes_ChangeNothing(string more)
    {
        var flow = new CodeFlow(_site, "own", "https://own.example/cb");

        var answer = await (await SignedInAsync("ada")).GetAsync($"{flow.Address()}&{more}");

        var code = CodeFlow.Parameter(answer, "code"); // the helper takes each name once
        Assert.NotEqual("planted", code);
        Assert.Equal(_site.Issuer, CodeFlow.Parameter(answer, "iss"));
        Assert.Equal(HttpStatusCode.OK, (await flow.ExchangeAsync(code)).Status);
    }

    [Fact]
    public async Task IssuerInTheQueryOfTheAddress_IsANearMiss()
    {
        var answer = await (await SignedInAsync("ada")).GetAsync(new CodeFlow(_site, "own", "https://own.example/cb?iss=https%3A%2F%2Fevil.example").Address());

        Assert.Equal((HttpStatusCode.BadRequest, ""), (answer.Status, answer.Header("Location")));
    }

    [Fact]
    public async Task EveryAnswer_NamesTheIssuerOnce()
    {
        var (own, web) = (new CodeFlow(_site, "own", "https://own.example/cb"), new CodeFlow(_site));
        var (ada, carol) = (await SignedInAsync("ada"), await SignedInAsync("carol"));
        var consent = await carol.GetAsync(web.Address(("prompt", "consent")));
        Answer[] answers =
        [
            await ada.GetAsync(own.Address()),
            await carol.SubmitAsync(consent, ("decision", "deny")),
            await carol.GetAsync(new CodeFlow(_site, "acme-web", "https://acme.example/cb").Address()),
            await new Browser(_site).GetAsync(own.Address(("prompt", "none"))),
            await carol.GetAsync(new CodeFlow(_site, "other", "https://other.example/cb?keep=1").Address(("prompt", "none"))),
            await ada.GetAsync(own.Address(("scope", "no-such-scope"))),
            await ada.GetAsync(own.Address(("response_type", "token"))),
            await ada.GetAsync(own.Address(("state", null))),
        ];

        Assert.All(answers, answer => Assert.Equal(_site.Issuer, CodeFlow.Parameter(answer, "iss")));
    }

    [Theory]
    [InlineData("x\r\nSet-Cookie: evil=1")]
    [InlineData("x\r\n\r\n<script>alert(1)</script>")]
    [InlineData("x\u2028Location: https://evil.example")]
    [InlineData("&code=planted&iss=https://evil.example#fragment")]
    public async Task HeaderOrParameterInTheState_StaysText(string state)
    {
        var flow = new CodeFlow(_site, "own", "https://own.example/cb") { State = state };

        var answer = await (await SignedInAsync("ada")).GetAsync(flow.Address());

        Assert.Equal(state, CodeFlow.Parameter(answer, "state"));
        Assert.NotEqual("planted", CodeFlow.Parameter(answer, "code"));
        Assert.DoesNotContain('#', answer.Header("Location"));
        Assert.DoesNotContain("evil", answer.Header("Set-Cookie"), StringComparison.Ordinal);
        Assert.Equal("", answer.Text);
    }

    [Fact]
    public async Task NoAddressOfARequest_IsFetched()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var bait = $"http://{listener.LocalEndpoint}/bait";
        var (flow, browser) = (new CodeFlow(_site), await SignedInAsync("ada"));
        string[] parameters = ["client_id", "redirect_uri", "request_uri", "resource", "logo_uri", "policy_uri", "tos_uri", "client_uri", "sector_identifier_uri", "jwks_uri", "initiate_login_uri", "iss", "issuer"];
        foreach (var parameter in parameters)
        {
            await browser.GetAsync(flow.Address((parameter, bait)));
        }

        await browser.GetAsync(flow.Address(("registration", $$"""{"logo_uri":"{{bait}}","jwks_uri":"{{bait}}","sector_identifier_uri":"{{bait}}"}""")));
        await browser.GetAsync(flow.Address(("claims", $$"""{"_claim_sources":{"a":{"endpoint":"{{bait}}"} } }""")));
        foreach (var header in (string[])[$"\"jku\":\"{bait}\"", $"\"x5u\":\"{bait}\"", $"\"kid\":\"{bait}\"", $"\"jwk\":{{\"kty\":\"EC\",\"x5u\":\"{bait}\"}}"])
        {
            var token = $"{Encode($$"""{"alg":"ES256","typ":"at+jwt",{{header}} }""")}.{Encode($$"""{"iss":"{{bait}}","sub":"signing","aud":"{{_site.Issuer}}"}""")}.{new string('A', 86)}";
            await browser.GetAsync(flow.Address(("id_token_hint", token)));
            await browser.GetAsync(flow.Address(("request", token)));
            await browser.GetAsync("/oauth/logout?id_token_hint=" + token);
            Assert.Equal(HttpStatusCode.Unauthorized, (await _site.GetAsync("/api/method/auth.whoami", Credentials.Bearer(token))).Status);
            Assert.Equal(HttpStatusCode.Unauthorized, (await _site.PostFormAsync("/oauth/token", "grant_type=client_credentials&" + AssertionKey.Form(token))).Status);
            await _site.IntrospectAsync("acme-app", token);
        }

        await browser.GetAsync("/login?redirect-to=" + Uri.EscapeDataString(bait));
        await browser.GetAsync("/oauth/logout?post_logout_redirect_uri=" + Uri.EscapeDataString(bait));
        await _site.PostFormAsync("/oauth/token", $"grant_type=client_credentials&resource={Uri.EscapeDataString(bait)}&client_id={Uri.EscapeDataString(bait)}");
        await _site.PostFormAsync("/oauth/device_authorization", "client_id=" + Uri.EscapeDataString(bait));
        await _site.PostJsonAsync(
            "/api/resource/OAuth Client",
            new { client_id = "baited", client_name = "Baited", logo_uri = bait, jwks_uri = bait, sector_identifier_uri = bait, redirect_uris = bait, post_logout_redirect_uris = bait },
            Credentials.Sid(await _site.LoginAsync("root")));

        Assert.False(listener.Pending());
    }

    private async Task<Browser> SignedInAsync(string user)
    {
        var browser = new Browser(_site);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.LoginAsync(user)).Status);
        return browser;
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
