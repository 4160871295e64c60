using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using Central.Clients;
using Central.Keys;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Central.Tests.Passkeys;

/// <summary>WebAuthn's own examples, over HTTP, at a site for example.org that is made to have drawn their challenges. Attestation is not asked for and not looked at.</summary>
public sealed class WebAuthnVectorTests(WebAuthnVectorTests.Fixture fixture) : IClassFixture<WebAuthnVectorTests.Fixture>
{
    private readonly TestSite _site = fixture.Site;

    [Fact]
    public async Task VerifiedUser_RegistersAndSignsIn()
    {
        var vector = WebAuthnVector.PackedAttestation;
        var (registered, handle) = await RegisterAsync(vector, "alice");
        Assert.True(registered.Status == HttpStatusCode.OK, registered.Text);

        Assert.Equal(HttpStatusCode.Unauthorized, (await LoginAsync(vector with { Signature = WebAuthnVector.SelfAttestation.Signature }, handle)).Status);
        Assert.Equal(HttpStatusCode.OK, (await LoginAsync(vector, handle)).Status);
    }

    [Fact]
    public async Task UserWhoIsNotVerifiedAtTheLogin_DoesNotSignIn()
    {
        var (registered, handle) = await RegisterAsync(WebAuthnVector.SelfAttestation, "bob");
        Assert.True(registered.Status == HttpStatusCode.OK, registered.Text);

        Assert.Equal(HttpStatusCode.Unauthorized, (await LoginAsync(WebAuthnVector.SelfAttestation, handle)).Status);
    }

    [Fact]
    public async Task UserWhoIsNotVerifiedAndFramedPages_RegisterNothing()
    {
        foreach (var vector in (WebAuthnVector[])[WebAuthnVector.NoAttestation, WebAuthnVector.CrossOrigin, WebAuthnVector.TopOrigin])
        {
            Assert.Equal(417, (int)(await RegisterAsync(vector, "carol")).Answer.Status);
        }
    }

    private async Task<(Answer Answer, string Handle)> RegisterAsync(WebAuthnVector vector, string user)
    {
        var browser = new Browser(_site);
        await browser.LoginAsync(user);
        var options = await PasskeyFlow.OptionsAsync(browser, "/account/passkeys/options");
        await SetChallengeAsync(browser, options, "registration:u-" + user, vector.CreateClientData);
        var credential = Credential(vector, new() { ["clientDataJSON"] = vector.CreateClientData, ["attestationObject"] = vector.AttestationObject });
        return (await browser.PostJsonAsync("/account/passkeys", new { credential, name = "Example" }), options.GetProperty("user").GetProperty("id").GetString()!);
    }

    private async Task<Answer> LoginAsync(WebAuthnVector vector, string handle)
    {
        var browser = new Browser(_site);
        await SetChallengeAsync(browser, await PasskeyFlow.OptionsAsync(browser), "login", vector.GetClientData);
        var credential = Credential(vector, new()
        {
            ["clientDataJSON"] = vector.GetClientData,
            ["authenticatorData"] = vector.AuthenticatorData,
            ["signature"] = vector.Signature,
            ["userHandle"] = handle,
        });
        return await browser.PostJsonAsync("/login/passkey", new { credential });
    }

    /// <summary>Puts the vector's challenge in the place of the one that the site has drawn for a browser.</summary>
    private async Task SetChallengeAsync(Browser browser, JsonElement options, string purpose, string clientData)
    {
        var row = SecretStore.HashOf(browser.Cookies["__Host-passkey"]);
        var (encryption, name) = (_site.Services.GetRequiredService<KeyEncryption>(), $"passkey:{purpose}:{row}");
        var stored = Assert.Single(await fixture.Storage.SqlAsync($"select state from `tabPasskey Challenge` where name = '{row}'"));
        var state = Encoding.UTF8.GetString(encryption.Decrypt(stored, name));
        var (drawn, wanted) = (InState(options.GetProperty("challenge").GetString()!), InState(JsonNode.Parse(Base64Url.DecodeFromChars(clientData))!["challenge"]!.GetValue<string>()));
        Assert.Contains(drawn, state, StringComparison.Ordinal);
        var changed = encryption.Encrypt(Encoding.UTF8.GetBytes(state.Replace(drawn, wanted, StringComparison.Ordinal)), name);
        await fixture.Storage.SqlAsync($"update `tabPasskey Challenge` set state = '{changed}' where name = '{row}'");
    }

    /// <summary>The site keeps challenges in plain base64.</summary>
    private static string InState(string base64Url) => Convert.ToBase64String(Base64Url.DecodeFromChars(base64Url));

    private static JsonObject Credential(WebAuthnVector vector, JsonObject response) => new()
    {
        ["id"] = vector.CredentialId,
        ["rawId"] = vector.CredentialId,
        ["type"] = "public-key",
        ["clientExtensionResults"] = new JsonObject(),
        ["response"] = response,
    };

    public sealed class Fixture : IAsyncLifetime
    {
        internal SiteStorage Storage { get; } = new();

        public TestSite Site { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Site = await Storage.StartAsync(new SiteOptions { Issuer = "https://example.org", Seed = TestSeed.Of("alice", "bob", "carol") });

        public async ValueTask DisposeAsync()
        {
            await Site.DisposeAsync();
            await Storage.DisposeAsync();
        }
    }
}
