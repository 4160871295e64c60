using System.Text.RegularExpressions;

namespace Microservices.Architecture;

/// <summary>What the documents say is shown by a test is shown by one: each <c>SomethingTests</c>, <c>Folder/SomethingTests</c> and <c>SomethingTests.Method</c> that they name is there.</summary>
public sealed partial class NamedTestTests
{
    private static readonly string s_tests = Path.Combine(Repository.Root, "tests");

    private static readonly ILookup<string, (string Path, string Text)> s_classes = Directory.GetFiles(s_tests, "*.cs", SearchOption.AllDirectories)
        .Select(file => (Path: Path.GetRelativePath(s_tests, file).Replace('\\', '/'), Text: File.ReadAllText(file)))
        .Where(file => !file.Path.Contains("/obj/", StringComparison.Ordinal))
        .SelectMany(file => TestClass().Matches(file.Text).Select(match => (match.Groups[1].Value, File: file)))
        .ToLookup(found => found.Value, found => found.File);

    public static TheoryData<string> Documents => [.. Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md").Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Documents))]
    public void EveryTestThatADocumentNames_IsThere(string document)
    {
        var missing = Name().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", document)))
            .Where(name => !IsThere(name.Groups["folder"].Value, name.Groups["class"].Value, name.Groups["method"].Value))
            .Select(name => name.Value);

        Assert.Empty(missing.Distinct());
    }

    [Theory]
    [InlineData("", "NamedTestTests", "", true)]
    [InlineData("Architecture", "NamedTestTests", "EveryTestThatADocumentNames_IsThere", true)]
    [InlineData("", "NamedTestTests", "NoSuchMethod", false)]
    [InlineData("EndToEnd", "NamedTestTests", "", false)]
    [InlineData("", "NoSuchTests", "", false)]
    public void NameOfATest_IsLookedUpWhole(string folder, string name, string method, bool isThere) => Assert.Equal(isThere, IsThere(folder, name, method));

    private static bool IsThere(string folder, string name, string method) => s_classes[name].Any(file =>
        (folder.Length == 0 || $"/{file.Path}".Contains($"/{folder}/", StringComparison.Ordinal)) && (method.Length == 0 || file.Text.Contains($" {method}(", StringComparison.Ordinal)));

    [GeneratedRegex(@"(?<![\w./])(?:(?<folder>\w+)/)?(?<class>[A-Z]\w*Tests)(?:\.(?<method>[A-Z]\w+))?\b(?!\.\w)")]
    private static partial Regex Name();

    [GeneratedRegex(@"\bclass (\w+Tests)\b")]
    private static partial Regex TestClass();
}
