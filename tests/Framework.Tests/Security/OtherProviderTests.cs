using System.Buffers.Text;
using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microservices.Framework.Tests.Support;
using Microservices.Security;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Framework.Tests.Security;

/// <summary>Services that trust another provider, with the settings that docs/other-providers.md gives for it.</summary>
public sealed partial class OtherProviderTests
{
    private const string RsaKeyId = "rsa-1";

    private static readonly DateTimeOffset s_now = new ManualTimeProvider().GetUtcNow();

    public static TheoryData<string> Shapes => ["Keycloak, strict", "Keycloak, default", "OpenIddict", "Entra ID"];

    public static TheoryData<string> RsaShapes => ["Keycloak, default", "Entra ID"];

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task TokenOfTheProvider_SpeaksForItsUser(string shape)
    {
        await using Setup setup = await StartAsync(shape);

        using JsonDocument body = JsonDocument.Parse(await setup.WhoAmIAsync(setup.Token()));

        JsonElement user = body.RootElement.GetProperty("message");
        string expectedTenant = shape == "Entra ID" ? "11111111-2222-3333-4444-555555555555" : "acme";
        Assert.Equal(("u-7", "ann@acme.example", expectedTenant), (user.GetProperty("sub").GetString(), user.GetProperty("user").GetString(), user.GetProperty("tenant").GetString()));
        Assert.Equal(["Sales User"], user.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        Assert.Equal("profile", user.GetProperty("scope").GetString());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task TokenForAnotherAudienceIssuerOrTime_IsRefused(string shape)
    {
        await using Setup setup = await StartAsync(shape);
        await setup.AssertRefusedAsync(setup.Token(claims => claims["aud"] = "another"));
        await setup.AssertRefusedAsync(setup.Token(claims => claims["aud"] = new JsonArray("account", "another")));
        await setup.AssertRefusedAsync(setup.Token(claims => claims["aud"] = setup.Provider.Issuer));
        await setup.AssertRefusedAsync(setup.Token(claims => claims["iss"] = setup.Provider.Origin + "/realms/another"));
        await setup.AssertRefusedAsync(setup.Token(claims => claims["exp"] = s_now.AddSeconds(-31).ToUnixTimeSeconds()));
        Assert.Contains("u-7", await setup.WhoAmIAsync(setup.Token(claims => claims["aud"] = new JsonArray("account", claims["aud"]!.DeepClone()))), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task MissingClaim_IsRefused(string shape)
    {
        await using Setup setup = await StartAsync(shape);
        foreach (string claim in setup.Required)
        {
            await setup.AssertRefusedAsync(setup.Token(claims => claims.Remove(claim)));
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task SessionsAndApiKeys_AreNoCredentials(string shape)
    {
        await using Setup setup = await StartAsync(shape);
        using HttpResponseMessage cookie = await setup.Service.GetAsync("/authorized", ("Cookie", "sid=" + setup.Token()));
        Assert.Equal(HttpStatusCode.Unauthorized, cookie.StatusCode);
        using HttpResponseMessage key = await setup.Service.GetAsync("/open", ("Authorization", "token key:secret"));
        Assert.Equal(HttpStatusCode.Unauthorized, key.StatusCode);
        using HttpResponseMessage guest = await setup.Service.GetAsync("/open", ("Cookie", "sid=anything"));
        Assert.Equal("Guest", await guest.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>What stands under the usual name of a claim that the settings place elsewhere.</summary>
    [Theory]
    [InlineData("Keycloak, default", "roles", "[\"Administrator\"]")]
    [InlineData("Keycloak, default", "client_id", "\"other\"")]
    [InlineData("Keycloak, default", "username", "\"Administrator\"")]
    [InlineData("OpenIddict", "roles", "[\"Administrator\"]")]
    [InlineData("Entra ID", "tenant", "\"evil\"")]
    [InlineData("Entra ID", "sub", "\"u-1\"")]
    public async Task UsualNameOfAPlacedClaim_IsNotRead(string shape, string claim, string json)
    {
        await using Setup setup = await StartAsync(shape);
        string plain = await setup.WhoAmIAsync(setup.Token());
        Assert.Equal(plain, await setup.WhoAmIAsync(setup.Token(claims => claims[claim] = JsonNode.Parse(json))));
        await setup.AssertRefusedAsync(setup.Token(claims =>
        {
            foreach (string name in (string[])["realm_access", "azp", "role", "tid", "oid"])
            {
                claims.Remove(name);
            }

            claims[claim] = JsonNode.Parse(json);
        }));
    }

    [Theory]
    [MemberData(nameof(RsaShapes))]
    public async Task IdAndLogoutTokens_AreRefused(string shape)
    {
        await using Setup setup = await StartAsync(shape);
        await setup.AssertRefusedAsync(setup.Token(claims => claims["nonce"] = "n"));
        await setup.AssertRefusedAsync(setup.Token(claims => claims["at_hash"] = "h"));
        await setup.AssertRefusedAsync(setup.Token(claims => claims["c_hash"] = "h"));
        await setup.AssertRefusedAsync(setup.Token(claims => claims["events"] = new JsonObject { ["http://schemas.openid.net/event/backchannel-logout"] = new JsonObject() }));
        foreach (string type in (string[])["ID", "Refresh", "Offline", "Logout", "DPoP", "bearer"])
        {
            await setup.AssertRefusedAsync(setup.Token(claims => claims["typ"] = type));
        }

        await setup.AssertRefusedAsync(setup.Token(claims => claims["typ"] = 7));
        foreach (string type in (string[])["id_token+jwt", "logout+jwt", "at+jwt", "JWE", ""])
        {
            await setup.AssertRefusedAsync(setup.Token(header: header => header["typ"] = type));
        }
    }

    [Theory]
    [MemberData(nameof(RsaShapes))]
    public async Task AlgorithmConfusion_IsRefused(string shape)
    {
        await using Setup setup = await StartAsync(shape);
        string claims = setup.Claims().ToJsonString();
        RSA rsa = OtherProvider.Rsa;
        byte[][] secrets =
        [
            Encoding.UTF8.GetBytes(rsa.ExportSubjectPublicKeyInfoPem()), Encoding.UTF8.GetBytes(rsa.ExportSubjectPublicKeyInfoPem() + "\n"),
            Encoding.UTF8.GetBytes(rsa.ExportRSAPublicKeyPem()), rsa.ExportSubjectPublicKeyInfo(), rsa.ExportRSAPublicKey(), rsa.ExportParameters(false).Modulus!,
            Encoding.UTF8.GetBytes(setup.Provider.Keys[0].ToJsonString()), [],
        ];
        foreach (byte[] secret in secrets)
        {
            foreach (string algorithm in (string[])["HS256", "RS256", "hs256", "none", "ES256"])
            {
                string input = $"{TestSigner.Encode($$"""{"alg":"{{algorithm}}","typ":"JWT","kid":"{{RsaKeyId}}"}""")}.{TestSigner.Encode(claims)}";
                await setup.AssertRefusedAsync($"{input}.{Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(input)))}");
            }
        }

        await setup.AssertRefusedAsync(setup.Token(header: header => header["alg"] = "PS256"));
        await setup.AssertRefusedAsync(setup.Provider.Ec.Sign($$"""{"alg":"ES256","typ":"JWT","kid":"{{RsaKeyId}}"}""", claims));
        await setup.AssertRefusedAsync(setup.Provider.Ec.Sign($$"""{"alg":"RS256","typ":"JWT","kid":"{{setup.Provider.Ec.KeyId}}"}""", claims));
        await setup.AssertRefusedAsync(setup.Provider.Ec.Sign(setup.Provider.Ec.Header().ToJsonString(), claims));
        string token = setup.Token();
        await setup.AssertRefusedAsync(token[..token.LastIndexOf('.')] + ".");
        await setup.AssertRefusedAsync(token[..(token.LastIndexOf('.') + 1)] + new string('A', 342));
        await setup.AssertRefusedAsync(OtherProvider.Sign(OtherProvider.StrangeRsa, Setup.RsaHeader(), setup.Claims()));
        JsonObject ownKey = Setup.RsaHeader();
        ownKey["jwk"] = OtherProvider.RsaKey(OtherProvider.StrangeRsa, RsaKeyId);
        await setup.AssertRefusedAsync(OtherProvider.Sign(OtherProvider.StrangeRsa, ownKey, setup.Claims()));
    }

    [Theory]
    [MemberData(nameof(RsaShapes))]
    public async Task WithoutTheSettings_NothingOfAnotherFormIsAccepted(string shape)
    {
        await using Setup setup = await StartAsync(
            shape,
            settings =>
            {
                settings.Remove("TOKEN_ALGORITHMS");
                settings.Remove("TOKEN_TYPES");
            },
            provider => provider.Keys.Add(provider.Ec.Jwk()));

        await setup.AssertRefusedAsync(setup.Token());
        await setup.AssertRefusedAsync(setup.Token(header: header => header["typ"] = "at+jwt"));
        await setup.AssertRefusedAsync(setup.Provider.Ec.Sign($$"""{"alg":"ES256","typ":"JWT","kid":"{{setup.Provider.Ec.KeyId}}"}""", setup.Claims().ToJsonString()));
        Assert.Contains("u-7", await setup.WhoAmIAsync(setup.Provider.Ec.Sign(setup.Provider.Ec.Header().ToJsonString(), setup.Claims().ToJsonString())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TwoAlgorithms_AreEachVerifiedByTheirOwnKeyOnly()
    {
        await using Setup setup = await StartAsync("Keycloak, default", settings => settings["TOKEN_ALGORITHMS"] = "ES256 RS256 PS256", provider => provider.Keys.Add(provider.Ec.Jwk()));
        OtherProvider provider = setup.Provider;
        string claims = setup.Claims().ToJsonString();

        Assert.Contains("u-7", await setup.WhoAmIAsync(setup.Token()), StringComparison.Ordinal);
        Assert.Contains("u-7", await setup.WhoAmIAsync(provider.Ec.Sign($$"""{"alg":"ES256","typ":"JWT","kid":"{{provider.Ec.KeyId}}"}""", claims)), StringComparison.Ordinal);
        await setup.AssertRefusedAsync(setup.Token(header: header => header["alg"] = "PS256")); // its key says RS256
        await setup.AssertRefusedAsync(setup.Token(header: header => header["kid"] = provider.Ec.KeyId));
        await setup.AssertRefusedAsync(provider.Ec.Sign($$"""{"alg":"ES256","typ":"JWT","kid":"{{RsaKeyId}}"}""", claims));
        await setup.AssertRefusedAsync(provider.Ec.Sign($$"""{"alg":"RS256","typ":"JWT","kid":"{{provider.Ec.KeyId}}"}""", claims));
    }

    [Theory]
    [InlineData(1024, "use", "sig")]
    [InlineData(2048, "use", "enc")]
    [InlineData(2048, "use", null)]
    [InlineData(2048, "alg", "RSA-OAEP")]
    [InlineData(2048, "alg", "RS512")]
    [InlineData(2048, "alg", "PS256")]
    [InlineData(2048, "alg", "")]
    [InlineData(2048, "kty", "EC")]
    [InlineData(2048, "kty", "oct")]
    [InlineData(2048, "e", "AQ")]
    [InlineData(2048, "e", "Aw")]
    [InlineData(2048, "e", "AAEAAQ")]
    [InlineData(2048, "e", null)]
    [InlineData(2048, "n", "AQAB")]
    [InlineData(2048, "n", null)]
    [InlineData(2048, "d", "AQAB")]
    [InlineData(2048, "kid", null)]
    public void RsaKeyOfAnotherSort_IsPassedOver(int bits, string member, string? value)
    {
        using RSA rsa = RSA.Create(1024);
        JsonObject key = OtherProvider.RsaKey(bits == 1024 ? rsa : OtherProvider.Rsa, RsaKeyId);
        key.Remove(member);
        if (value is not null)
        {
            key[member] = value;
        }

        Assert.Null(SigningKeySet.TryRead(Encoding.UTF8.GetBytes(TestSigner.KeySet(key)), ["ES256", "RS256"]));
    }

    [Fact]
    public void RsaModulusThatIsHugeOrPadded_IsPassedOver()
    {
        byte[] modulus = OtherProvider.Rsa.ExportParameters(false).Modulus!;
        foreach (byte[] other in (byte[][])[[.. Enumerable.Repeat((byte)0xFF, 1025)], [0, .. modulus], modulus[1..]])
        {
            JsonObject key = OtherProvider.RsaKey(OtherProvider.Rsa, RsaKeyId);
            key["n"] = Base64Url.EncodeToString(other);
            Assert.Null(SigningKeySet.TryRead(Encoding.UTF8.GetBytes(TestSigner.KeySet(key)), ["RS256"]));
        }
    }

    [Fact]
    public void KeysOfTwoTypesAndOneId_SpoilTheSet()
    {
        using var ec = new TestSigner();
        string keys = TestSigner.KeySet(OtherProvider.RsaKey(OtherProvider.Rsa, ec.KeyId), ec.Jwk());
        Assert.Null(SigningKeySet.TryRead(Encoding.UTF8.GetBytes(keys), SignatureAlgorithm.All));
        Assert.Equal(1, SigningKeySet.TryRead(Encoding.UTF8.GetBytes(keys))!.Count);
    }

    [Theory]
    [InlineData("tenant=https://example.com/tenant", """{"https://example.com/tenant":"acme"}""", "acme")]
    [InlineData("tenant=org.tenant.id", """{"org":{"tenant":{"id":"acme"}}}""", "acme")]
    [InlineData("tenant=org.tenant", """{"org.tenant":"acme"}""", null)]
    [InlineData("tenant=org.tenant", """{"org":["acme"]}""", null)]
    [InlineData("tenant=org.tenant", """{"org":"acme"}""", null)]
    [InlineData("tenant=org.tenant", """{"org":{"tenant":["acme"]}}""", null)]
    [InlineData("tenant=org", """{"org":"\ud800"}""", null)]
    [InlineData("tenant=org", """{"org":null,"tenant":"acme"}""", null)]
    [InlineData("tenant=org", """{"tenant":"acme"}""", null)]
    public void PlaceOfAClaim_IsFollowed(string setting, string json, string? expected)
    {
        string[] pair = setting.Split('=', 2);
        using JsonDocument? claims = StrictJson.ParseObject(Encoding.UTF8.GetBytes(json));
        using JsonDocument mapped = new ClaimMap(new Dictionary<string, string> { [pair[0]] = pair[1] }).Apply(claims!.RootElement);
        Assert.Equal(expected, mapped.RootElement.Text("tenant"u8));
    }

    private static async Task<Setup> StartAsync(string shape, Action<Dictionary<string, string?>>? change = null, Action<OtherProvider>? publish = null)
    {
        OtherProvider provider = shape switch
        {
            "OpenIddict" => await OtherProvider.StartNewAsync("", "/.well-known/jwks", "/"),
            "Entra ID" => await OtherProvider.StartNewAsync("/11111111-2222-3333-4444-555555555555/v2.0", "/11111111-2222-3333-4444-555555555555/discovery/v2.0/keys"),
            _ => await OtherProvider.StartNewAsync("/realms/shop", "/realms/shop/protocol/openid-connect/certs"),
        };
        if (shape is "OpenIddict" or "Keycloak, strict")
        {
            provider.Keys.Add(provider.Ec.Jwk());
        }
        else
        {
            JsonObject key = OtherProvider.RsaKey(OtherProvider.Rsa, RsaKeyId);
            if (shape == "Entra ID")
            {
                (key["x5t"], key["x5c"], key["issuer"]) = ("dGh1bWI", new JsonArray("MIIC"), provider.Issuer);
            }
            else
            {
                key["alg"] = "RS256";
                JsonObject other = OtherProvider.RsaKey(OtherProvider.StrangeRsa, "rsa-enc");
                (other["use"], other["alg"]) = ("enc", "RSA-OAEP");
                provider.Keys.Add(other);
            }

            provider.Keys.Insert(0, key);
        }

        publish?.Invoke(provider);
        Dictionary<string, string?> settings = Settings(shape);
        settings["CENTRAL_SITE_URL"] = provider.Origin + new Uri(settings["CENTRAL_SITE_URL"]!).AbsolutePath.TrimEnd('/');
        if (settings.ContainsKey("CENTRAL_SITE_ISSUER"))
        {
            settings["CENTRAL_SITE_ISSUER"] = provider.Issuer;
        }

        change?.Invoke(settings);
        var options = CentralSiteOptions.FromConfiguration(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        ServiceServer service = await ServiceServer.StartNewAsync(options, new ManualTimeProvider());
        var setup = new Setup(shape, provider, service, options);
        if (change is null || publish is not null)
        {
            await Wait.UntilAsync(() => service.Services.GetRequiredService<JwksCache>().HasKeys, "the service has keys");
        }

        return setup;
    }

    /// <summary>The settings of the page, under the provider's heading: the first block for the strict way, the last for the provider's own.</summary>
    private static Dictionary<string, string?> Settings(string shape, [CallerFilePath] string thisFile = "")
    {
        string page = File.ReadAllText(Path.Combine(Path.GetDirectoryName(thisFile)!, "../../../docs/other-providers.md"));
        string section = Regex.Match(page, $"(?ms)^## {Regex.Escape(shape.Split(',')[0])}$(.*?)(?=^## |\\z)").Groups[1].Value;
        MatchCollection blocks = Block().Matches(section);
        Match block = shape.EndsWith("strict", StringComparison.Ordinal) ? blocks[0] : blocks[^1];
        return block.Groups[1].Value.Trim().Split('\n').Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => (string?)pair[1]);
    }

    [GeneratedRegex("(?s)```\n(.*?)```")]
    private static partial Regex Block();

    private sealed class Setup(string shape, OtherProvider provider, ServiceServer service, CentralSiteOptions options) : IAsyncDisposable
    {
        private bool IsStrict => shape is "OpenIddict" or "Keycloak, strict";

        public OtherProvider Provider => provider;

        public ServiceServer Service => service;

        /// <summary>Claims without which a token of this shape is refused.</summary>
        public string[] Required => shape switch
        {
            "Entra ID" => ["iss", "aud", "exp", "iat", "oid", "azp", "uti", "tid", "roles"],
            "OpenIddict" => ["iss", "aud", "exp", "iat", "sub", "client_id", "jti", "tenant", "role"],
            "Keycloak, default" => ["iss", "aud", "exp", "iat", "sub", "azp", "jti", "tenant", "realm_access"],
            _ => ["iss", "aud", "exp", "iat", "sub", "client_id", "jti", "tenant", "roles"],
        };

        public static JsonObject RsaHeader() => new() { ["typ"] = "JWT", ["alg"] = "RS256", ["kid"] = RsaKeyId };

        public JsonObject Claims()
        {
            JsonObject claims = new()
            {
                ["iss"] = provider.Issuer,
                ["aud"] = options.Audience,
                ["exp"] = s_now.AddMinutes(5).ToUnixTimeSeconds(),
                ["iat"] = s_now.ToUnixTimeSeconds(),
            };
            JsonObject own = shape switch
            {
                "Entra ID" => new JsonObject
                {
                    ["nbf"] = s_now.ToUnixTimeSeconds(), ["aio"] = "x", ["azp"] = "web", ["azpacr"] = "1", ["name"] = "Ann", ["oid"] = "u-7", ["preferred_username"] = "ann@acme.example",
                    ["rh"] = "x", ["roles"] = new JsonArray("Sales User"), ["scp"] = "profile", ["sub"] = "pairwise", ["tid"] = "11111111-2222-3333-4444-555555555555", ["uti"] = "t-1", ["ver"] = "2.0",
                },
                "OpenIddict" => new JsonObject
                {
                    ["sub"] = "u-7", ["client_id"] = "web", ["jti"] = "t-1", ["scope"] = "profile", ["tenant"] = "acme", ["role"] = "Sales User", ["preferred_username"] = "ann@acme.example",
                    ["oi_prst"] = "web", ["oi_tkn_id"] = "1",
                },
                "Keycloak, default" => new JsonObject
                {
                    ["sub"] = "u-7", ["azp"] = "web", ["jti"] = "onrtac:1", ["scope"] = "profile", ["tenant"] = "acme", ["typ"] = "Bearer", ["sid"] = "s", ["acr"] = "1",
                    ["realm_access"] = new JsonObject { ["roles"] = new JsonArray("Sales User") },
                    ["resource_access"] = new JsonObject { ["account"] = new JsonObject { ["roles"] = new JsonArray("manage-account") } },
                    ["preferred_username"] = "ann@acme.example", ["email_verified"] = true,
                },
                _ => new JsonObject
                {
                    ["sub"] = "u-7", ["azp"] = "web", ["client_id"] = "web", ["jti"] = "onrtac:1", ["scope"] = "profile", ["tenant"] = "acme", ["typ"] = "Bearer",
                    ["roles"] = new JsonArray("Sales User"), ["username"] = "ann@acme.example", ["realm_access"] = new JsonObject { ["roles"] = new JsonArray("offline_access") },
                },
            };
            foreach ((string name, JsonNode? value) in own)
            {
                claims[name] = value!.DeepClone();
            }

            return claims;
        }

        public string Token(Action<JsonObject>? claims = null, Action<JsonObject>? header = null)
        {
            JsonObject head = IsStrict ? provider.Ec.Header() : RsaHeader();
            JsonObject body = Claims();
            header?.Invoke(head);
            claims?.Invoke(body);
            return IsStrict ? provider.Ec.Sign(head.ToJsonString(), body.ToJsonString()) : OtherProvider.Sign(OtherProvider.Rsa, head, body);
        }

        public async Task<string> WhoAmIAsync(string token)
        {
            using HttpResponseMessage response = await service.GetAsync("/api/method/auth.whoami", ("Authorization", "Bearer " + token));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }

        public async Task AssertRefusedAsync(string token)
        {
            using HttpResponseMessage response = await service.GetAsync("/open", ("Authorization", "Bearer " + token));
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }

        public async ValueTask DisposeAsync()
        {
            await service.DisposeAsync();
            await provider.DisposeAsync();
        }
    }
}
