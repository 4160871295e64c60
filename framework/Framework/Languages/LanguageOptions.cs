using System.ComponentModel.DataAnnotations;

namespace Microservices.Languages;

/// <summary>Settings of languages. Bound from <c>Languages</c>.</summary>
public sealed class LanguageOptions
{
    /// <summary>
    /// Folder of the service's translations, <c>nl.json</c> and so on: each an object of English texts and what they are in that language. A relative
    /// folder is looked for in the working folder, then beside the program; one that is not there holds none.
    /// </summary>
    /// <value>The default is <c>translations</c>.</value>
    public string Folder { get; set; } = "translations";

    /// <summary>The language for who asks for none, or for none that there is.</summary>
    /// <value>The default is <c>en</c>.</value>
    [RegularExpression(TextCatalog.TagPattern)]
    public string Default { get; set; } = TextCatalog.English;
}
