using System.Security.Cryptography;
using System.Text;

namespace Microservices.Central.Tests;

public sealed class OAuthMetadataTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    private readonly TestSite _site = fixture.Site;

    [Fact]
    public async Task BothDocuments_AreTheSame()
    {
        var openId = await _site.GetAsync("/.well-known/openid-configuration");
        var oauth = await _site.GetAsync("/.well-known/oauth-authorization-server");

        Assert.Equal(HttpStatusCode.OK, openId.Status);
        Assert.Equal(openId.Text, oauth.Text);
    }

    [Fact]
    public async Task Document_NamesWhatIsThereAndDeniesWhatIsNot()
    {
        var document = (await _site.GetAsync("/.well-known/openid-configuration")).Json;

        Assert.Equal("https://site.example", document.GetProperty("issuer").GetString());
        Assert.Equal(["authorization_code", "refresh_token", "client_credentials", "urn:ietf:params:oauth:grant-type:device_code"], Texts(document, "grant_types_supported"));
        Assert.Equal(["client_secret_basic", "client_secret_post", "private_key_jwt", "none"], Texts(document, "token_endpoint_auth_methods_supported"));
        Assert.Equal(["code"], Texts(document, "response_types_supported"));
        Assert.Equal(["S256"], Texts(document, "code_challenge_methods_supported"));
        Assert.True(document.GetProperty("authorization_response_iss_parameter_supported").GetBoolean());
        Assert.False(document.GetProperty("request_uri_parameter_supported").GetBoolean());
        Assert.False(document.GetProperty("request_parameter_supported").GetBoolean());
        Assert.All(
            (string[])["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "introspection_endpoint", "revocation_endpoint", "end_session_endpoint"],
            name => Assert.StartsWith("https://site.example/", document.GetProperty(name).GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Document_HasEveryMemberThatClientsNeed()
    {
        var document = (await _site.GetAsync("/.well-known/openid-configuration")).Json;

        foreach (var name in (string[])["authorization", "token", "userinfo", "introspection", "revocation", "device_authorization", "end_session"])
        {
            Assert.StartsWith("https://site.example/", Text(document, name + "_endpoint"), StringComparison.Ordinal);
        }

        Assert.Equal("https://site.example/oauth/jwks", Text(document, "jwks_uri"));
        Assert.Equal(["query"], Texts(document, "response_modes_supported"));
        Assert.Equal(["public"], Texts(document, "subject_types_supported"));
        foreach (var name in (string[])["id_token_signing_alg_values_supported", "token_endpoint_auth_signing_alg_values_supported", "introspection_endpoint_auth_signing_alg_values_supported", "revocation_endpoint_auth_signing_alg_values_supported"])
        {
            Assert.Equal(["ES256"], Texts(document, name));
        }

        Assert.Equal(["client_secret_basic", "client_secret_post", "private_key_jwt"], Texts(document, "introspection_endpoint_auth_methods_supported"));
        Assert.Equal(["client_secret_basic", "client_secret_post", "private_key_jwt", "none"], Texts(document, "revocation_endpoint_auth_methods_supported"));
        Assert.Equal(["openid", "profile", "email", "roles", "offline_access", "all"], Texts(document, "scopes_supported"));
        Assert.Superset(new HashSet<string?> { "sub", "iss", "aud", "exp", "iat", "auth_time", "acr", "amr", "sid", "nonce", "at_hash", "email", "email_verified", "name", "tenant", "roles" }, new HashSet<string?>(Texts(document, "claims_supported")));
        Assert.Equal([false, false, false], ((string[])["claims_parameter_supported", "request_parameter_supported", "request_uri_parameter_supported"]).Select(name => document.GetProperty(name).GetBoolean()));
    }

    [Theory]
    [InlineData("X-Forwarded-Host", "evil.example")]
    [InlineData("X-Forwarded-Proto", "http")]
    [InlineData("Forwarded", "host=evil.example;proto=http")]
    public async Task PoisonedHeader_ChangesNothing(string header, string value)
    {
        var plain = await _site.GetAsync("/.well-known/openid-configuration");
        var poisoned = await _site.GetAsync("/.well-known/openid-configuration", (header, value));

        Assert.Equal(plain.Text, poisoned.Text);
    }

    [Theory]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/.well-known/oauth-authorization-server")]
    [InlineData("/oauth/jwks")]
    [InlineData("/.well-known/jwks.json")]
    public async Task PublicDocument_IsForAnyOriginAndMayBeCached(string path)
    {
        var answer = await _site.GetAsync(path, ("Origin", "https://anywhere.example"));

        Assert.Equal("*", answer.Header("Access-Control-Allow-Origin"));
        Assert.Equal("", answer.Header("Access-Control-Allow-Credentials"));
        Assert.Equal("public, max-age=300", answer.Header("Cache-Control"));
        Assert.StartsWith("application/json", answer.Header("Content-Type"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "/oauth/jwks")]
    [InlineData("GET", "/oauth/token")]
    [InlineData("PUT", "/oauth/token")]
    [InlineData("GET", "/oauth/introspect")]
    [InlineData("DELETE", "/oauth/revoke")]
    [InlineData("GET", "/api/method/login")]
    [InlineData("GET", "/api/method/logout")]
    [InlineData("GET", "/api/method/central.provision_tenant")]
    public async Task OtherMethod_Returns405WithTheMethodsToUse(string method, string path)
    {
        var answer = await _site.SendAsync(new HttpMethod(method), path);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.Status);
        Assert.NotEqual("", answer.Header("Allow"));
    }

    [Fact]
    public async Task Jwks_HoldsPublicMembersOnly_AndTheKidIsTheThumbprint()
    {
        var jwks = await _site.GetAsync("/oauth/jwks");
        var key = Assert.Single(jwks.Json.GetProperty("keys").EnumerateArray());

        Assert.Equal(["kty", "crv", "x", "y", "use", "alg", "kid"], key.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("EC", "P-256", "sig", "ES256"), (Text(key, "kty"), Text(key, "crv"), Text(key, "use"), Text(key, "alg")));
        Assert.Equal(Thumbprint(key, "crv", "kty", "x", "y"), Text(key, "kid"));
        Assert.Equal(jwks.Text, (await _site.GetAsync("/.well-known/jwks.json")).Text);
    }

    /// <summary>RFC 7638 section 3.1, whose key is an RSA key: the site has none, so the example proves what its keys' ids are compared with.</summary>
    [Fact]
    public void ThumbprintOfTheRfc_IsTheOneThatKidsAreComparedWith()
    {
        const string modulus = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
        using var key = JsonDocument.Parse($$"""{"kty":"RSA","n":"{{modulus}}","e":"AQAB","alg":"RS256","kid":"2011-04-29"}""");

        Assert.Equal("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", Thumbprint(key.RootElement, "e", "kty", "n"));
    }

    /// <summary>The thumbprint of a key: of its required members in the order of their names, without white space.</summary>
    private static string Thumbprint(JsonElement key, params string[] required) => System.Buffers.Text.Base64Url.EncodeToString(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{{{string.Join(',', required.Select(member => $"\"{member}\":\"{Text(key, member)}\""))}}}")));

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static IEnumerable<string?> Texts(JsonElement element, string name) => element.GetProperty(name).EnumerateArray().Select(item => item.GetString());
}
