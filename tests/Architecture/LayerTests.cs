using System.Text.RegularExpressions;

namespace Microservices.Architecture;

/// <summary>Dependencies of the framework's folders point one way: an upper layer knows the lower ones, never the reverse.</summary>
public sealed partial class LayerTests
{
    private static readonly Dictionary<string, string[]> s_mayUse = new()
    {
        ["Errors"] = [],
        ["Telemetry"] = [],
        ["Routing"] = [],
        ["DocTypes"] = ["Errors"],
        ["Security"] = ["Errors", "Routing", "DocTypes"],
        ["Data"] = ["Errors", "DocTypes", "Security"],
        ["Documents"] = ["Errors", "DocTypes", "Security", "Data"],
        ["Languages"] = ["Errors", "Security"],
        ["Resources"] = ["Errors", "DocTypes", "Security", "Data", "Documents", "Languages", "Routing", "Telemetry"],
        ["Files"] = ["Errors", "DocTypes", "Security", "Data", "Documents", "Languages", "Routing", "Resources"],
        ["Central"] = ["Errors", "Security", "Telemetry", "Client"],
    };

    public static TheoryData<string> Layers => [.. s_mayUse.Keys];

    [Theory]
    [MemberData(nameof(Layers))]
    public void Layer_UsesOnlyThoseBelowIt(string layer)
    {
        var folder = Path.Combine(Repository.Root, "framework", "Framework", layer);
        var files = Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories);
        Assert.NotEmpty(files);

        var strangers = from file in files
                        from Match match in Reference().Matches(File.ReadAllText(file))
                        let used = match.Groups[1].Value
                        where used != layer && !s_mayUse[layer].Contains(used) && (s_mayUse.ContainsKey(used) || used is "Hosting" or "Client")
                        select $"{Path.GetFileName(file)} uses {used}";
        Assert.Empty(strangers);
    }

    [Fact]
    public void EveryFolder_HasItsRule()
    {
        var folders = Directory.GetDirectories(Path.Combine(Repository.Root, "framework", "Framework")).Select(folder => Path.GetFileName(folder));
        Assert.Empty(folders.Except(s_mayUse.Keys).Except(["Hosting", "bin", "obj"]));
    }

    [GeneratedRegex(@"(?:using |(?<![\w.]))Microservices\.(\w+)\b")]
    private static partial Regex Reference();
}
