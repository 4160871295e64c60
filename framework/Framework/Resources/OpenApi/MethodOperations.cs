using System.Text.Json;
using System.Text.Json.Nodes;
using Microservices.Documents;
using Microservices.Resources.Methods;
using Microservices.Resources.Methods.Client;
using Microsoft.AspNetCore.Http;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Microservices.Resources.OpenApi;

/// <summary>The operations of methods: their arguments in the query or in a body, their result, and who may call them.</summary>
internal sealed partial class MethodOperations(OpenApiDocument document, DocumentFilterContext context)
{
    private const string Tag = "methods";
    private const string SharedTag = "frappe";

    /// <summary>Adds a method; a route of the service's own at its address stays.</summary>
    public void Add(Method method)
    {
        var path = method.DocType is null ? $"/api/method/{method.Name}" : $"/api/v2/method/{method.Name}";
        if (document.Paths.ContainsKey(path))
        {
            return;
        }

        var item = new OpenApiPathItem { Operations = [] };
        var itemV2 = new OpenApiPathItem { Operations = [] };
        foreach (var verb in VerbsOf(method))
        {
            item.Operations.Add(new HttpMethod(verb), Operation(method, verb, isV2: method.DocType is not null));
            itemV2.Operations.Add(new HttpMethod(verb), Operation(method, verb, isV2: true));
        }

        document.Paths.Add(path, item);
        document.Paths.TryAdd($"/api/v2/method/{method.Name}", itemV2);
    }

    private static List<string> VerbsOf(Method method)
    {
        // Verbs that mean the same are told once: one that reads, and one that writes.
        var verbs = method.Verbs.Where(verb => verb is "GET" || (verb is "POST" or "DELETE" && (verb is "POST" || !method.Verbs.Contains("POST")))).ToList();
        return verbs.Count > 0 ? verbs : [.. method.Verbs.Take(1)];
    }

    private OpenApiOperation Operation(Method method, string verb, bool isV2)
    {
        var tag = method.IsShared ? SharedTag : Tag;
        OpenApi.Tags.Add(document, tag, method.IsShared ? Texts.SharedMethods : Texts.Methods);
        var operation = new OpenApiOperation
        {
            OperationId = $"{method.Name.Replace('/', '.').Replace(' ', '_')}.{verb.ToLowerInvariant()}{(isV2 ? ".v2" : "")}",
            Summary = method.Summary.Length > 0 ? method.Summary : null,
            Description = method.Roles.IsEmpty ? null : $"**Roles:** {string.Join(", ", method.Roles)}.",
            Deprecated = method.Deprecation is not null,
            Tags = new HashSet<OpenApiTagReference> { new(tag, document) },
            Security = method.AllowsGuests ? null : SecuritySchemes.Required(document),
            Responses = new OpenApiResponses { ["200"] = Answer(method.Handler.Result, ResultSchema(method.Handler.Result, isV2 ? "data" : "message")) },
        };
        AddArguments(operation, verb, [.. method.Handler.Parameters.Where(parameter => parameter.IsArgument)]);
        ReadOnlySpan<int> statuses = method.AllowsGuests ? [400, 403, 413, 417, 429, 500, 503] : [400, 401, 403, 404, 413, 417, 429, 500, 503];
        if (isV2)
        {
            ErrorResponses.ReferV2(operation.Responses, document, statuses);
        }
        else
        {
            ErrorResponses.Refer(operation.Responses, document, statuses);
        }

        return operation;
    }

    private void AddArguments(OpenApiOperation operation, string verb, List<MethodParameter> arguments)
    {
        if (verb is "GET" or "DELETE")
        {
            operation.Parameters = [.. arguments.Where(argument => argument.Type != typeof(IFormFile)).Select(InQuery)];
        }
        else if (arguments.Count > 0)
        {
            operation.RequestBody = Body(arguments);
        }
    }

    private IOpenApiParameter InQuery(MethodParameter argument)
    {
        var schema = Schema(argument.Type);
        return new OpenApiParameter
        {
            Name = argument.Name,
            In = ParameterLocation.Query,
            Required = argument.IsRequired,
            Description = IsSimple(schema) ? null : "JSON.",
            Schema = IsSimple(schema) ? schema : new OpenApiSchema { Type = JsonSchemaType.String },
        };
    }

    private OpenApiRequestBody Body(List<MethodParameter> arguments)
    {
        var schema = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Properties = arguments.ToDictionary(argument => argument.Name, argument => Schema(argument.Type)),
            Required = arguments.Where(argument => argument.IsRequired).Select(argument => argument.Name).ToHashSet(),
        };
        string[] types = arguments.Any(argument => argument.Type == typeof(IFormFile)) ? ["multipart/form-data"] : [JsonResponse.ContentType, "application/x-www-form-urlencoded", "multipart/form-data"];
        return new OpenApiRequestBody
        {
            Required = schema.Required.Count > 0,
            Content = types.ToDictionary(type => type, type => (IOpenApiMediaType)new OpenApiMediaType { Schema = schema }),
        };
    }

    private static OpenApiResponse Answer(Type? result, OpenApiSchema schema) =>
        result is not null && typeof(IResult).IsAssignableFrom(result) ? new OpenApiResponse { Description = "What the method answers." }
        : Bodies.Answer(result is null ? "It is done." : "The result; without the key when there is none.", schema);

    private OpenApiSchema ResultSchema(Type? result, string key) => new()
    {
        Type = JsonSchemaType.Object,
        Properties = result is null ? new Dictionary<string, IOpenApiSchema>() : new() { [key] = Schema(result) },
    };

    private IOpenApiSchema Schema(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsEnum ? new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. Enum.GetNames(type).Select(name => (JsonNode)JsonValue.Create(name))] }
            : type == typeof(WholeDocument) || typeof(Document).IsAssignableFrom(type) ? new OpenApiSchema { Type = JsonSchemaType.Object, Description = "A document." }
            : IsAny(type) ? new OpenApiSchema()
            : type == typeof(IFormFile) ? new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" }
            : context.SchemaGenerator.GenerateSchema(type, context.SchemaRepository);
    }

    private static bool IsAny(Type type) => type == typeof(object) || type == typeof(JsonElement) || typeof(JsonNode).IsAssignableFrom(type) || type == typeof(ParameterValue)
        || type.Name.StartsWith("<>", StringComparison.Ordinal) || type.GenericTypeArguments.Any(IsAny) || (type.HasElementType && IsAny(type.GetElementType()!))
        || type.GenericTypeArguments.Any(argument => typeof(Document).IsAssignableFrom(argument) || argument == typeof(Data.Row)) || type == typeof(Data.Row);

    private static bool IsSimple(IOpenApiSchema schema) => schema.Type is { } type && (type & (JsonSchemaType.Object | JsonSchemaType.Array)) == 0;
}
