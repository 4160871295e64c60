using Microservices.Errors;
using Microservices.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace Microservices.Languages;

/// <summary>
/// Says messages in the language of a request: the one that its user has chosen, or else the one of its <c>Accept-Language</c>. The texts are the
/// framework's and those of the service's <c>translations</c> folder. Handlers of signed-in callers and hooks may take one; handlers of open routes get theirs by <see cref="Of"/>.
/// </summary>
/// <remarks>RFC 9110 section 12.5.4.</remarks>
public sealed class Translator
{
    // What a browser sends is far below; what is beyond is not worth the time.
    private const int MaxHeaderLength = 1000;
    private const int MaxLanguages = 20;

    private readonly TextCatalog _catalog;

    internal Translator(TextCatalog catalog, HttpRequest? request)
    {
        _catalog = catalog;
        Language = request is null ? catalog.Default
            : OfUser(catalog, request.HttpContext) ?? Choose(catalog, request.Headers.AcceptLanguage.ToString());
    }

    /// <summary>The translator of a request.</summary>
    public static Translator Of(HttpContext context) => new(context.RequestServices.GetRequiredService<TextCatalog>(), context.Request);

    /// <summary>The language, such as <c>nl</c>.</summary>
    public string Language { get; }

    /// <summary>A message in the language, as far as it is translated; in English otherwise.</summary>
    public string Say(Message message) => _catalog.Say(Language, message);

    /// <summary>Whether the language has the message, which English always has.</summary>
    public bool Has(Message message) => IsEnglish || _catalog.Find(Language, message.Key) is not null;

    internal bool IsEnglish => Language.Equals(TextCatalog.English, StringComparison.OrdinalIgnoreCase);

    /// <summary>Tells on the answer which language its texts are in, and that another one could have been had.</summary>
    internal void Mark(HttpResponse response, bool isTranslated)
    {
        response.Headers.ContentLanguage = isTranslated ? Language : TextCatalog.English;
        response.Headers.AppendCommaSeparatedValues(HeaderNames.Vary, HeaderNames.AcceptLanguage);
    }

    private static string? OfUser(TextCatalog catalog, HttpContext context) =>
        TextCatalog.TagOf(context.Features.Get<CurrentUserFeature>()?.User?.Language) is { } tag ? catalog.Lookup(tag) : null;

    private static string Choose(TextCatalog catalog, string header)
    {
        if (header.Length is 0 or > MaxHeaderLength)
        {
            return catalog.Default;
        }

        var (best, bestQuality) = (catalog.Default, 0.0);
        foreach (var part in header.Split(',', MaxLanguages + 1).Take(MaxLanguages))
        {
            if (StringWithQualityHeaderValue.TryParse(part, out var asked) && (asked.Quality ?? 1) is var quality && quality > bestQuality
                && (asked.Value == "*" ? catalog.Default : catalog.Lookup(asked.Value.AsSpan())) is { } language)
            {
                (best, bestQuality) = (language, quality);
            }
        }

        return best;
    }
}
