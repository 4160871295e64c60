using System.Globalization;
using Microservices.Resources.Methods;
using Microsoft.OpenApi;

namespace Microservices.Resources.OpenApi;

/// <content>What the second API has beside the methods of a name: those of one document, and the routes of a service that answer as methods do.</content>
internal sealed partial class MethodOperations
{
    /// <summary>Adds the addresses in the second API of routes that answer as methods do.</summary>
    public void AddRoutesV2()
    {
        foreach (var (path, item) in document.Paths.Where(entry => entry.Key.StartsWith("/" + RouteOperationFilter.MethodPrefix, StringComparison.OrdinalIgnoreCase)).ToList())
        {
            document.Paths.TryAdd("/api/v2/method/" + path[(RouteOperationFilter.MethodPrefix.Length + 1)..], new OpenApiPathItem
            {
                Parameters = item.Parameters,
                Operations = item.Operations!.ToDictionary(operation => operation.Key, operation => RouteV2(operation.Value)),
            });
        }
    }

    /// <summary>Adds the methods of a resource's documents, at their addresses in the second API.</summary>
    public void Add(Resource resource, string id, IEnumerable<DocumentMethod> methods, IOpenApiSchema read)
    {
        var all = methods.Select(method => (method.Name, Arguments: method.Handler.Parameters, method.Handler.Result, method.Verbs)).ToList();
        if (resource.DocType.Definition.IsSubmittable && ResourceOperations.IsServed(resource, ResourceVerbs.Update) && all.TrueForAll(method => method.Name != DocumentMethodEndpoints.Discard))
        {
            all.Add((DocumentMethodEndpoints.Discard, [], null, ["POST"]));
        }

        foreach (var (name, parameters, result, verbs) in all)
        {
            var item = new OpenApiPathItem { Parameters = [ResourceOperations.NameInPath()], Operations = [] };
            foreach (var verb in ((string[])["GET", "POST"]).Where(verb => verbs.IsEmpty || verbs.Contains(verb, StringComparer.OrdinalIgnoreCase)))
            {
                var answer = ResultSchema(result, "data");
                answer.Properties!.Add("docs", new OpenApiSchema { Type = JsonSchemaType.Array, Items = read, Description = "The document as the method left it." });
                var operation = new OpenApiOperation
                {
                    OperationId = $"{id}.v2.method.{name}.{verb.ToLowerInvariant()}",
                    Summary = $"Runs {name} on a {resource.DocType.Name}",
                    Description = verb is "GET" ? "For who may read the document." : "For who may write the document.",
                    Deprecated = resource.DocType.Definition.Deprecation is not null,
                    Tags = new HashSet<OpenApiTagReference> { new(resource.DocType.Name, document) },
                    Security = SecuritySchemes.Required(document),
                    Responses = new OpenApiResponses { ["200"] = Answer(result, answer) },
                };
                AddArguments(operation, verb, [.. parameters.Where(parameter => parameter.IsArgument)]);
                ErrorResponses.ReferV2(operation.Responses, document, 400, 401, 403, 404, 413, 417, 429, 500, 503);
                item.Operations.Add(new HttpMethod(verb), operation);
            }

            if (item.Operations.Count > 0)
            {
                document.Paths.TryAdd($"/api/v2/document/{resource.DocType.Name}/{{name}}/method/{name}", item);
            }
        }
    }

    private OpenApiOperation RouteV2(OpenApiOperation operation)
    {
        var statuses = operation.Responses!.Keys.Where(status => status[0] > '3').ToList();
        var copy = new OpenApiOperation(operation) { OperationId = operation.OperationId is { } id ? id + ".v2" : null, Responses = [] };
        foreach (var (status, response) in operation.Responses.Where(response => !statuses.Contains(response.Key)))
        {
            copy.Responses.Add(status, response.Content is { } content && content.TryGetValue(JsonResponse.ContentType, out var json) && json.Schema is OpenApiSchema { Properties: { } properties } && properties.TryGetValue("message", out var result)
                ? Bodies.Answer(response.Description ?? "", new OpenApiSchema { Type = JsonSchemaType.Object, Properties = new Dictionary<string, IOpenApiSchema> { ["data"] = result } })
                : response);
        }

        ErrorResponses.ReferV2(copy.Responses, document, [.. statuses.Select(status => int.Parse(status, CultureInfo.InvariantCulture))]);
        return copy;
    }
}
