using System.Text.RegularExpressions;

namespace Microservices.Architecture;

/// <summary>The README's service is the program in docs/samples, which the solution compiles.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public void Service_IsTheOneThatCompiles()
    {
        var shown = CodeBlock().Match(File.ReadAllText(Path.Combine(Repository.Root, "README.md"))).Groups[1].Value;
        Assert.Equal(File.ReadAllText(Path.Combine(Repository.Root, "docs", "samples", "Tasks", "Program.cs")), shown);
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
