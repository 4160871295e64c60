using System.Diagnostics;
using System.Text.Json;
using Microservices.EndToEnd.Support;

namespace Microservices.EndToEnd;

/// <summary>The clients that Frappe's users have, unchanged, as npm installs them.</summary>
[Collection(nameof(DemoCollection))]
public sealed class FrappeJsSdkTests(DemoProduct product)
{
    [Fact]
    public async Task EveryPublicMethod_WorksWithEachCredential()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Clients");
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
        {
            await RunAsync("npm", ["ci", "--no-audit", "--no-fund"], folder, []);
        }

        var said = await RunAsync("node", ["--test", "--test-reporter=spec", "frappe-js-sdk.test.mjs"], folder, new()
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
        Assert.Contains("fail 0", said, StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(string program, string[] arguments, string folder, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await process.WaitForExitAsync(limit.Token);
        var said = await output + await errors;
        Assert.True(process.ExitCode == 0, said);
        return said;
    }
}
