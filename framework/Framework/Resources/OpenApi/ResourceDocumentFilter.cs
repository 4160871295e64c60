using Microservices.Resources.Methods;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Microservices.Resources.OpenApi;

/// <summary>
/// Adds every DocType that is served, and every method, as paths of its own. Routing has one route for all of them, so that its cost does not grow with
/// their number.
/// </summary>
internal sealed class ResourceDocumentFilter(ResourceRegistry resources, MethodRegistry registry, DocumentMethods documentMethods, IOptions<ResourceApiOptions> options) : IDocumentFilter
{
    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        // Addresses are those of the origin, at the service as well as at a gateway, which owns the same paths.
        swaggerDoc.Servers = [new OpenApiServer { Url = "/" }];
        swaggerDoc.Components ??= new OpenApiComponents();
        SecuritySchemes.AddTo(swaggerDoc);
        ErrorResponses.AddTo(swaggerDoc);
        var names = new SchemaNames();
        var schemas = new DocTypeSchemas(swaggerDoc, names);
        var operations = new ResourceOperations(swaggerDoc, names, schemas);
        var operationsV2 = new V2Operations(swaggerDoc, names, schemas, options.Value.MaxBulkItems);
        var methods = new MethodOperations(swaggerDoc, context);
        methods.AddRoutesV2();
        foreach (var resource in resources.All)
        {
            operations.Add(resource);
            operationsV2.Add(resource);
            methods.Add(resource, names.Of(resource.DocType), documentMethods.Of(resource.DocType), schemas.Read(resource.DocType));
        }

        foreach (var method in registry.All)
        {
            methods.Add(method);
        }
    }
}
