using System.Text.Json;
using Microservices.EndToEnd.Support;

namespace Microservices.EndToEnd;

/// <summary>The client that Frappe's users have in their pages, unchanged, as npm installs it.</summary>
[Collection(nameof(DemoCollection))]
public sealed class FrappeJsSdkTests(DemoProduct product)
{
    [Fact]
    public async Task EveryPublicMethod_WorksWithEachCredential() => await NodeTests.RunAsync("frappe-js-sdk.test.mjs", new()
    {
        ["ADDRESS"] = product.Address.AbsoluteUri.TrimEnd('/'),
        ["USR"] = product.Demo("USR"),
        ["PASSWORD"] = product.Demo("PASSWORD"),
        ["CREDENTIALS"] = JsonSerializer.Serialize(new
        {
            token = await SignIn.TokenAsync(product.Address, product.Demo("CLIENT_ID"), product.Demo("CLIENT_SECRET")),
            key = $"{product.Demo("API_KEY")}:{product.Demo("API_SECRET")}",
            sid = (await SignIn.SessionAsync(product.Address, product.Demo("USR"), product.Demo("PASSWORD")))["sid=".Length..],
        }),
    });
}
