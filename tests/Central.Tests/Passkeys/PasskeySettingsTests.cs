using System.Text.Json.Nodes;
using Microservices.Hosting;

namespace Microservices.Central.Tests.Passkeys;

public sealed class PasskeySettingsTests : IAsyncLifetime
{
    private readonly SiteStorage _storage = new();

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _storage.DisposeAsync();

    [Fact]
    public async Task RpIdAndOrigins_MayBeOfTheWholeDomain()
    {
        await using var site = await _storage.StartAsync(Options(("passkey_rp_id", "example"), ("passkey_origins", new JsonArray("https://site.example", "https://desk.example"))));
        var (browser, other) = (new Browser(site), new Browser(site));
        await browser.LoginAsync("alice");
        using var authenticator = new SoftwareAuthenticator { RpId = "example", Origin = "https://desk.example" };

        Assert.Equal(HttpStatusCode.OK, (await PasskeyFlow.AddAsync(browser, authenticator)).Status);
        authenticator.Origin = "https://site.example";
        Assert.Equal(HttpStatusCode.OK, (await PasskeyFlow.LoginAsync(other, authenticator)).Status);
        authenticator.Origin = "https://third.example";
        Assert.Equal(HttpStatusCode.Unauthorized, (await PasskeyFlow.LoginAsync(new Browser(site), authenticator)).Status);
    }

    [Theory]
    [InlineData("other.example", "https://site.example")]
    [InlineData("site.example", "http://site.example")]
    [InlineData("site.example", "https://site.example/path")]
    [InlineData("ite.example", "https://site.example")]
    [InlineData("site.example", "site.example")]
    public async Task OriginThatIsNoneOfTheRpId_StopsTheStart(string rpId, string origin)
    {
        var error = await Assert.ThrowsAsync<StartupException>(() => _storage.StartAsync(Options(("passkey_rp_id", rpId), ("passkey_origins", origin))));

        Assert.Contains("passkey_origins", error.Message, StringComparison.Ordinal);
    }

    private static SiteOptions Options(params (string Name, JsonNode Value)[] settings)
    {
        var seed = TestSeed.Of("alice");
        foreach (var (name, value) in settings)
        {
            seed["settings"]![name] = value;
        }

        return new SiteOptions { Seed = seed };
    }
}
