using Microservices.DocTypes;
using Microsoft.OpenApi;

namespace Microservices.Resources.OpenApi;

/// <summary>The operations of a resource: those of its verbs, each with its parameters, body, answers, errors and who may ask.</summary>
internal sealed class ResourceOperations(OpenApiDocument document, SchemaNames names, DocTypeSchemas schemas)
{

    public void Add(Resource resource)
    {
        var docType = resource.DocType;
        Tags.Add(document, docType.Name, docType.Definition.Description.Length > 0 ? docType.Definition.Description : null);
        AddPath($"/api/resource/{docType.Name}", resource, [(HttpMethod.Get, ResourceVerbs.List), (HttpMethod.Post, ResourceVerbs.Create)], []);
        AddPath(
            $"/api/resource/{docType.Name}/{{name}}",
            resource,
            [(HttpMethod.Get, ResourceVerbs.Get), (HttpMethod.Put, ResourceVerbs.Update), (HttpMethod.Patch, ResourceVerbs.Update), (HttpMethod.Delete, ResourceVerbs.Delete)],
            [NameInPath()]);
    }

    /// <summary>The document's name as a part of the path.</summary>
    public static OpenApiParameter NameInPath() => new()
    {
        Name = "name",
        In = ParameterLocation.Path,
        Required = true,
        Description = Texts.Name,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = StandardFields.NameLength },
    };

    private void AddPath(string path, Resource resource, (HttpMethod Method, ResourceVerbs Verb)[] verbs, List<IOpenApiParameter> parameters)
    {
        var item = new OpenApiPathItem
        {
            Description = $"Also `{path.Replace(resource.DocType.Name, resource.DocType.Slug, StringComparison.Ordinal)}`.",
            Parameters = parameters,
            Operations = [],
        };
        foreach (var (method, verb) in verbs.Where(entry => IsServed(resource, entry.Verb)))
        {
            item.Operations.Add(method, Operation(resource, method, verb));
        }

        if (item.Operations.Count > 0)
        {
            document.Paths[path] = item;
        }
    }

    /// <summary>Whether a verb is answered. A virtual DocType has nothing to answer from but the handlers that the service gives it, and a Single has no list.</summary>
    public static bool IsServed(Resource resource, ResourceVerbs verb) =>
        (resource.Verbs & verb) != 0 && (verb is not ResourceVerbs.List || !resource.DocType.Definition.IsSingle || resource.CustomHandlers.ContainsKey(verb)) && (resource.DocType.Definition is not { IsVirtual: true, VirtualClass: null } || resource.CustomHandlers.ContainsKey(verb));

    private OpenApiOperation Operation(Resource resource, HttpMethod method, ResourceVerbs verb)
    {
        var docType = resource.DocType;
        var isCustom = resource.CustomHandlers.ContainsKey(verb);
        var operation = new OpenApiOperation
        {
            OperationId = $"{names.Of(docType)}.{(method == HttpMethod.Patch ? "patch" : verb.ToString().ToLowerInvariant())}",
            Summary = Summary(docType, verb),
            Deprecated = docType.Definition.Deprecation is not null,
            Description = isCustom ? Texts.CustomHandler : Permissions.Describe(docType, verb),
            Tags = new HashSet<OpenApiTagReference> { new(docType.Name, document) },
            Security = SecuritySchemes.Required(document),
            Responses = [],
        };
        if (isCustom)
        {
            AddCustom(operation, verb);
        }
        else
        {
            AddOwn(operation, docType, verb);
        }

        ErrorResponses.Refer(operation.Responses, document, Statuses(verb));
        return operation;
    }

    private void AddOwn(OpenApiOperation operation, DocType docType, ResourceVerbs verb)
    {
        switch (verb)
        {
            case ResourceVerbs.List:
                operation.Parameters = ListParameters.All();
                operation.Responses!.Add("200", Bodies.Answer("The rows.", Bodies.Page(schemas.Read(docType))));
                break;
            case ResourceVerbs.Get:
                operation.Responses!.Add("200", Bodies.Answer("The document.", Bodies.Data(schemas.Read(docType))));
                break;
            case ResourceVerbs.Create:
                operation.RequestBody = Bodies.Request(Bodies.OneOrMany(schemas.Create(docType), DocumentEndpoints.MaxBatch), schemas.Create(docType));
                operation.Responses!.Add("201", Bodies.Answer("The document as it was stored; a list of them for a list.", Bodies.Data(Bodies.OneOrMany(schemas.Read(docType), DocumentEndpoints.MaxBatch))));
                break;
            case ResourceVerbs.Update:
                operation.RequestBody = Bodies.Request(schemas.Update(docType), schemas.Update(docType));
                operation.Responses!.Add("200", Bodies.Answer("The document as it is now.", Bodies.Data(schemas.Read(docType))));
                break;
            default:
                operation.Responses!.Add("202", Bodies.Answer("It is deleted.", Bodies.Deleted()));
                break;
        }
    }

    /// <summary>What is known of an operation that a handler of the service answers.</summary>
    public static void AddCustom(OpenApiOperation operation, ResourceVerbs verb)
    {
        operation.Responses!.Add("200", new OpenApiResponse { Description = "What the handler answers." });
        if (verb is ResourceVerbs.Create or ResourceVerbs.Update)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Content = new Dictionary<string, IOpenApiMediaType> { [JsonResponse.ContentType] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.Object } } },
            };
        }
    }

    /// <summary>What an operation does.</summary>
    public static string Summary(DocType docType, ResourceVerbs verb) => verb switch
    {
        ResourceVerbs.List => $"Lists {docType.Name}",
        ResourceVerbs.Get => $"Reads a {docType.Name}",
        ResourceVerbs.Create => $"Creates one {docType.Name}, or all of a list or none",
        ResourceVerbs.Update => $"Changes the given fields of a {docType.Name}",
        _ => $"Deletes a {docType.Name}",
    };

    /// <summary>The statuses of its errors.</summary>
    public static int[] Statuses(ResourceVerbs verb) => verb switch
    {
        ResourceVerbs.List => [400, 401, 403, 405, 417, 429, 500, 503],
        ResourceVerbs.Get => [400, 401, 403, 404, 405, 429, 500, 503],
        ResourceVerbs.Create => [400, 401, 403, 405, 409, 413, 415, 417, 429, 500, 503],
        ResourceVerbs.Update => [400, 401, 403, 404, 405, 409, 413, 415, 417, 429, 500, 503],
        _ => [400, 401, 403, 404, 405, 417, 429, 500, 503],
    };
}
