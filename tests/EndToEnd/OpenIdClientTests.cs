using System.Text.Json;
using Microservices.EndToEnd.Support;

namespace Microservices.EndToEnd;

/// <summary>Certified client libraries, unchanged, as npm installs them, and a real browser: every grant and page through the gateway.</summary>
public sealed class OpenIdClientTests(SignInProduct product) : IClassFixture<SignInProduct>
{
    [Theory]
    [InlineData("openid-client.test.mjs")]
    [InlineData("oauth4webapi.test.mjs")]
    public Task Client_RunsEveryGrant(string file) => NodeTests.RunAsync(file, Environment(SignInProduct.Username));

    [Fact]
    public Task Browser_SignsInOnEveryPage() => NodeTests.RunAsync("pages.test.mjs", Environment(SignInProduct.Visitor));

    private Dictionary<string, string> Environment(string user) => new()
    {
        ["ADDRESS"] = product.Address.AbsoluteUri.TrimEnd('/'),
        ["USR"] = user,
        ["PASSWORD"] = product.Password,
        ["CHROMIUM"] = System.Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
        ["SECRETS"] = JsonSerializer.Serialize(new { web = product.WebSecret, signingKey = product.SigningKey }),
    };
}
