using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microservices.Languages;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.Swagger;

namespace Microservices.Resources.OpenApi;

/// <summary>The OpenAPI document as text, made when it is first asked for and kept: what a service serves does not change while it runs.</summary>
internal sealed class Specification(IServiceProvider services, TextCatalog catalog)
{
    // A failure is not kept, and callers who come at the same time may make it twice, which does no harm.
    private readonly Lazy<byte[]> _document = new(() => Write(services), LazyThreadSafetyMode.PublicationOnly);

    private readonly ConcurrentDictionary<string, (byte[] Json, EntityTagHeaderValue Tag)> _byLanguage = new(StringComparer.Ordinal);

    /// <summary>The document in the caller's language; 304 for a caller that has it.</summary>
    public IResult Answer(HttpContext context)
    {
        var translator = Translator.Of(context);
        translator.Mark(context.Response, isTranslated: true);
        var (json, tag) = _byLanguage.GetOrAdd(translator.Language, language => Tagged(SpecificationTranslation.Apply(_document.Value, catalog, language)));
        return new Cacheable(TypedResults.Bytes(json, JsonResponse.ContentType, entityTag: tag));
    }

    private static byte[] Write(IServiceProvider services)
    {
        using var scope = services.CreateScope();
        var document = scope.ServiceProvider.GetRequiredService<ISwaggerProvider>().GetSwagger(ApiDocumentation.DocumentName);
        using var memory = new MemoryStream();
        using (var text = new StreamWriter(memory, leaveOpen: true))
        {
            // 3.0 is the version that every generator and gateway reads.
            document.SerializeAsV3(new OpenApiJsonWriter(text, new OpenApiJsonWriterSettings { Terse = true }));
        }

        return memory.ToArray();
    }

    private static (byte[] Json, EntityTagHeaderValue Tag) Tagged(byte[] json) =>
        (json, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, 16))}\""));

    // Asked again each time, and then mostly answered without a body.
    private sealed class Cacheable(IResult answer) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.CacheControl = "no-cache";
            return answer.ExecuteAsync(httpContext);
        }
    }
}
