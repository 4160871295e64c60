using Microservices.Routing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Microservices.Resources.OpenApi;

/// <summary>
/// The documentation of a service: an OpenAPI document, and Swagger UI to read and try it. Both are for everybody: they tell what
/// could be asked, never what is stored.
/// </summary>
internal static class ApiDocumentation
{
    /// <summary>Where Swagger UI is answered.</summary>
    public const string PagePath = "/apidocs";

    /// <summary>Where the OpenAPI document is answered.</summary>
    public const string SpecificationPath = "/apispec_1.json";

    /// <summary>The document's name inside Swashbuckle.</summary>
    public const string DocumentName = "v1";

    /// <summary>Registers what makes the document, when it is first asked for.</summary>
    public static void Add(IServiceCollection services, string service, string version)
    {
        services.AddEndpointsApiExplorer();
        services.AddSwaggerGen(options =>
        {
            options.SwaggerDoc(DocumentName, new OpenApiInfo { Title = service, Version = version, Description = Texts.Service });
            options.DocInclusionPredicate((_, _) => true);
            // Two routes that differ in a constraint only are one path to OpenAPI.
            options.ResolveConflictingActions(descriptions => descriptions.First());
            options.CustomSchemaIds(new TypeSchemaNames().Of);
            options.OperationFilter<RouteOperationFilter>();
            options.DocumentFilter<ResourceDocumentFilter>();
        });
        services.AddSingleton<Specification>();
    }

    /// <summary>Answers the page and the document. Addresses inside them are relative, so that they also work below a gateway's prefix.</summary>
    public static void Map(IEndpointRouteBuilder routes, string service)
    {
        routes.MapDeferred(SpecificationPath, [HttpMethods.Get], (Specification specification, HttpContext context) => specification.Answer(context)).AllowAnonymous().ExcludeFromDescription();
        var page = routes.MapSwaggerUI(PagePath.TrimStart('/'), options =>
        {
            options.DocumentTitle = service;
            options.SwaggerEndpoint(".." + SpecificationPath, service);
            options.EnableDeepLinking();
            options.DisplayRequestDuration();
        });
        page.AllowAnonymous();
        page.Add(DocumentationPage.Guard);
    }
}
