using Microsoft.AspNetCore.Authorization;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Microservices.Resources.OpenApi;

/// <summary>Says of the service's own routes what the framework adds to them: credentials, errors, and the envelope of a method.</summary>
internal sealed class RouteOperationFilter : IOperationFilter
{
    /// <summary>Where routes answer as methods do.</summary>
    public const string MethodPrefix = "api/method/";

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var isOpen = context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<IAllowAnonymous>().Any();
        operation.Deprecated |= context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<DocTypes.Deprecation>().Any();
        operation.Responses ??= [];
        if (!isOpen)
        {
            operation.Security = SecuritySchemes.Required(context.Document);
            ErrorResponses.Refer(operation.Responses, context.Document, 401, 403);
        }

        ErrorResponses.Refer(operation.Responses, context.Document, 400, 405, 413, 415, 417, 429, 500, 503);
        if (context.ApiDescription.RelativePath?.StartsWith(MethodPrefix, StringComparison.OrdinalIgnoreCase) == true)
        {
            Wrap(operation.Responses);
        }
    }

    // What a method returns is answered as {"message": ...}.
    private static void Wrap(OpenApiResponses responses)
    {
        if (responses.TryGetValue("200", out var success) && success.Content is { } content
            && content.TryGetValue(JsonResponse.ContentType, out var type) && type is OpenApiMediaType { Schema: { } schema } json)
        {
            json.Schema = new OpenApiSchema { Type = JsonSchemaType.Object, Properties = new Dictionary<string, IOpenApiSchema> { ["message"] = schema } };
        }
    }
}
