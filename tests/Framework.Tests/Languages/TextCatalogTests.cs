using System.Text.RegularExpressions;
using Microservices.Languages;

namespace Microservices.Framework.Tests.Languages;

public sealed partial class TextCatalogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("translations-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Framework_SpeaksEnglishDutchAndArabic()
    {
        Assert.Equal(["ar", "en", "nl"], Read().Languages);
    }

    [Theory]
    [InlineData("nl")]
    [InlineData("ar")]
    public void EachTranslation_HasThePlacesOfItsEnglish(string language)
    {
        foreach (var text in Texts())
        {
            var translation = Read().Find(language, text);
            Assert.True(translation is not null, $"{language} lacks: {text}");
            Assert.Equal(Places(text), Places(translation));
        }
    }

    [Fact]
    public void ServicesOwnTexts_WinAndAddLanguages()
    {
        File.WriteAllText(Path.Combine(_folder, "nl.json"), """{"DocType {0} not found":"Ken {0} niet","Customer":"Klant"}""");
        File.WriteAllText(Path.Combine(_folder, "pt-BR.json"), """{"Customer":"Cliente"}""");
        var catalog = Read();

        Assert.Equal("Ken {0} niet", catalog.Find("nl", "DocType {0} not found"));
        Assert.Equal("Klant", catalog.Find("NL", "Customer"));
        Assert.Equal("Er is niets op {0}", catalog.Find("nl", "There is nothing at {0}"));
        Assert.Equal("pt-BR", catalog.Lookup("pt-br"));
        Assert.Null(catalog.Lookup("pt"));
    }

    [Theory]
    [InlineData("nl.json", "[1]")]
    [InlineData("nl.json", """{"a":{"b":"c"}}""")]
    [InlineData("nl.json", "{")]
    [InlineData("dutch_flemish.json", "{}")]
    public void WrongFile_StopsTheStartWithItsName(string file, string content)
    {
        File.WriteAllText(Path.Combine(_folder, file), content);

        Assert.Contains(file, Assert.Throws<TranslationException>(Read).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DefaultLanguageWithoutTexts_StopsTheStart()
    {
        Assert.Throws<TranslationException>(() => TextCatalog.Read(new() { Folder = _folder, Default = "fr" }));
    }

    private TextCatalog Read() => TextCatalog.Read(new() { Folder = _folder });

    private static IEnumerable<string> Texts()
    {
        var assembly = typeof(TextCatalog).Assembly;
        return assembly.GetManifestResourceNames().Where(name => name.Contains(".Languages.Messages.", StringComparison.Ordinal)).SelectMany(name =>
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            return System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!.Keys;
        }).Distinct();
    }

    private static IEnumerable<string> Places(string text) => Place().Matches(text).Select(match => match.Value).Order();

    [GeneratedRegex(@"\{\d+\}")]
    private static partial Regex Place();
}
