using Microservices.Security;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Languages;

/// <summary>Registers the languages of a service.</summary>
internal static class LanguageServices
{
    /// <summary>Reads the translations, so that a wrong file stops the start.</summary>
    /// <exception cref="TranslationException">A file cannot be used.</exception>
    public static void AddLanguages(this IServiceCollection services, IConfiguration configuration)
    {
        var catalog = TextCatalog.Read(configuration.GetSection("Languages").Get<LanguageOptions>() ?? new());
        services.AddSingleton(catalog);
        services.AddScoped(scope => new Translator(catalog, scope.GetRequiredService<RequestScope>().Request));
    }
}
