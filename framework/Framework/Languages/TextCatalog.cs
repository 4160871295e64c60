using System.Collections.Frozen;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microservices.Errors;

namespace Microservices.Languages;

/// <summary>
/// The texts of the framework and of the service in each language, by their English: messages with numbered places, labels of fields and values of selects.
/// The service's own win over the framework's. Read once, when the service starts.
/// </summary>
public sealed partial class TextCatalog
{
    /// <summary>The language of keys, which needs no file.</summary>
    public const string English = "en";

    internal const string TagPattern = @"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*\z";

    // Enough for every tag in use, as RFC 5646 section 4.4.1 has it.
    private const int MaxTagLength = 35;

    private const string ResourcePrefix = "Microservices.Languages.Messages.";

    private readonly FrozenDictionary<string, FrozenDictionary<string, string>> _languages;

    private TextCatalog(Dictionary<string, Dictionary<string, string>> languages, string defaultLanguage)
    {
        languages.TryAdd(English, []);
        _languages = languages.ToFrozenDictionary(language => language.Key, language => language.Value.ToFrozenDictionary(StringComparer.Ordinal), StringComparer.OrdinalIgnoreCase);
        Default = _languages.ContainsKey(defaultLanguage)
            ? defaultLanguage
            : throw new TranslationException($"Languages:Default is {defaultLanguage}, of which there is no translation.");
    }

    /// <summary>The language for who asks for none.</summary>
    public string Default { get; }

    /// <summary>The languages there are, English among them.</summary>
    public IReadOnlyList<string> Languages => [.. _languages.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Reads the framework's texts and those of a folder.</summary>
    /// <exception cref="TranslationException">A file is not an object of texts, or its name is no language.</exception>
    public static TextCatalog Read(LanguageOptions options)
    {
        var languages = new Dictionary<string, Dictionary<string, string>>(StringComparer.OrdinalIgnoreCase);
        var assembly = typeof(TextCatalog).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            Add(languages, Path.GetFileNameWithoutExtension(resource[ResourcePrefix.Length..]), stream, resource);
        }

        var folder = Path.IsPathRooted(options.Folder) || Directory.Exists(options.Folder) ? options.Folder : Path.Combine(AppContext.BaseDirectory, options.Folder);
        string[] files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json") : [];
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            using var stream = File.OpenRead(file);
            Add(languages, Path.GetFileNameWithoutExtension(file), stream, file);
        }

        return new TextCatalog(languages, options.Default);
    }

    /// <summary>The translation of an English text; null when there is none.</summary>
    public string? Find(string language, string text) =>
        _languages.TryGetValue(language, out var texts) && texts.TryGetValue(text, out var translation) ? translation : null;

    /// <summary>A message in a language, as far as it is translated.</summary>
    public string Say(string language, Message message) => message.In(text => Find(language, text));

    /// <summary>The language there is for a language tag: <c>nl-BE</c> is answered in <c>nl</c>. Null when there is none.</summary>
    /// <remarks>RFC 4647 section 3.4.</remarks>
    public string? Lookup(ReadOnlySpan<char> tag)
    {
        for (var length = tag.Length; length > 0; length = tag[..length].LastIndexOf('-'))
        {
            foreach (var language in _languages.Keys)
            {
                if (tag[..length].Equals(language, StringComparison.OrdinalIgnoreCase))
                {
                    return language;
                }
            }
        }

        return null;
    }

    /// <summary>A language tag as it is looked for, from a text that may be one; null when it is none. Some write <c>en_US</c>.</summary>
    internal static string? TagOf(string? text) =>
        text is { Length: <= MaxTagLength } && text.Replace('_', '-') is var tag && Tag().IsMatch(tag) ? tag : null;

    private static void Add(Dictionary<string, Dictionary<string, string>> languages, string language, Stream stream, string source)
    {
        if (!Tag().IsMatch(language))
        {
            throw new TranslationException($"{source}: the file is not called after a language, such as nl or pt-BR.");
        }

        try
        {
            var texts = languages.TryGetValue(language, out var known) ? known : languages[language] = new(StringComparer.Ordinal);
            foreach (var (text, translation) in JsonSerializer.Deserialize<Dictionary<string, string>>(stream) ?? [])
            {
                texts[text] = translation;
            }
        }
        catch (JsonException exception)
        {
            throw new TranslationException($"{source} is not a JSON object of texts: {exception.Message}", exception);
        }
    }

    [GeneratedRegex(TagPattern)]
    private static partial Regex Tag();
}
