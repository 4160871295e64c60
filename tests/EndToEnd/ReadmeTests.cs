using System.Text.Json;
using System.Text.RegularExpressions;
using Microservices.EndToEnd.Support;

namespace Microservices.EndToEnd;

/// <summary>The README's requests, in their order and as they stand there, against a product that was just started for the first time.</summary>
public sealed partial class ReadmeTests(RunningProduct product) : IClassFixture<RunningProduct>
{
    private static readonly string s_readme = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "README.md"));

    [Fact]
    public async Task RequestsOfTheReadme_AnswerAsItPromises()
    {
        Assert.SkipUnless(Paths().Any(folder => File.Exists(Path.Combine(folder, "curl"))), "The README's requests are curl's, which is not here.");
        var requests = string.Join('\n', ShellBlocks().Matches(s_readme).Select(block => block.Groups[1].Value).Where(block => block.Contains("curl", StringComparison.Ordinal)));
        var signUp = SignUp().Match(s_readme).Groups[1].Value;
        Assert.StartsWith(". data/demo.env", requests, StringComparison.Ordinal);
        Assert.Contains("/signup/tenant", signUp, StringComparison.Ordinal);

        using var shell = ProgramRun.Start("bash", ["-euo", "pipefail", "-c", $"{requests}\n{signUp}"], product.Folder, new Dictionary<string, string> { ["NO_PROXY"] = "*" });

        Assert.True(await shell.WaitForEndAsync() == 0, shell.Said);
        Assert.Empty(shell.Errors);
        var answers = shell.Output.Select(line => JsonElement.Parse(line)).ToList();
        Assert.Equal(12, answers.Count);
        Assert.Equal("Ada", Data(answers[0]).GetProperty("name").GetString());
        Assert.Equal(["TEA", "CUP"], Data(answers[1]).EnumerateArray().Select(item => item.GetProperty("name").GetString()));
        Assert.Equal(7m, Data(answers[2]).GetProperty("grand_total").GetDecimal());
        var order = Data(answers[2]).GetProperty("name").GetString();
        Assert.Equal(order, Assert.Single(Data(answers[3]).EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal("Regulars", Data(answers[4]).GetProperty("customer_group").GetString());
        Assert.Equal(7m, Assert.Single(answers[5].EnumerateArray()).GetProperty("total").GetDecimal());
        Assert.Equal("ok", answers[6].GetProperty("message").GetString());
        Assert.Equal("Ada", Assert.Single(Data(answers[7]).EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal("Logged In", answers[8].GetProperty("message").GetString());
        Assert.Equal($"New order {order} of Ada", Assert.Single(Data(answers[9]).EnumerateArray()).GetProperty("subject").GetString());
        Assert.Empty(Data(answers[10]).EnumerateArray());
        Assert.Equal("initech", Data(answers[11]).GetProperty("tenant").GetString());
    }

    private static JsonElement Data(JsonElement answer) => answer.GetProperty("data");

    private static string[] Paths() => Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [];

    [GeneratedRegex("^```sh\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex ShellBlocks();

    [GeneratedRegex("signs itself up: `([^`]*)`")]
    private static partial Regex SignUp();
}
