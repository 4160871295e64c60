using System.Text.Json.Nodes;
using Microservices.DocTypes;
using Microservices.Resources.V2;
using Microsoft.OpenApi;

namespace Microservices.Resources.OpenApi;

/// <summary>The operations of a resource in the second API: lists, documents, copies, bulk operations, counts, and the DocType itself.</summary>
internal sealed class V2Operations(OpenApiDocument document, SchemaNames names, DocTypeSchemas schemas, int maxBulkItems)
{
    private const string Meta = "DocType.meta";

    public void Add(Resource resource)
    {
        var docType = resource.DocType;
        var documents = $"/api/v2/document/{docType.Name}";
        var about = $"/api/v2/doctype/{docType.Name}";
        Add(resource, documents, (HttpMethod.Get, ResourceVerbs.List), (HttpMethod.Post, ResourceVerbs.Create));
        Add(resource, documents + "/{name}", (HttpMethod.Get, ResourceVerbs.Get), (HttpMethod.Put, ResourceVerbs.Update), (HttpMethod.Patch, ResourceVerbs.Update), (HttpMethod.Delete, ResourceVerbs.Delete));
        AddOwn(resource, documents + "/{name}/copy", HttpMethod.Get, ResourceVerbs.Get, "copy", "Copies it, to post as a new one", operation =>
            operation.Responses!.Add("200", Bodies.Answer("The copy, without its empty values.", Bodies.Data(schemas.Copy(docType)))));
        AddBulk(resource, BulkOperations.Update, ResourceVerbs.Update, "Changes several documents, each for itself", "updated", "docs", schemas.UpdateNamed(docType));
        AddBulk(resource, BulkOperations.Delete, ResourceVerbs.Delete, "Deletes several documents, each for itself", "deleted", "names", new OpenApiSchema { Type = JsonSchemaType.String });
        AddOwn(resource, about + "/count", HttpMethod.Get, ResourceVerbs.List, "count", "Counts what the caller may read", operation =>
        {
            operation.Parameters = ListParameters.Count();
            operation.Responses!.Add("200", Bodies.Answer("The number of documents.", Bodies.Data(new OpenApiSchema { Type = JsonSchemaType.Integer })));
        });
        AddOwn(resource, about + "/search", HttpMethod.Get, ResourceVerbs.List, "search", "Finds documents for a link", operation =>
        {
            operation.Parameters = ListParameters.Search();
            operation.Responses!.Add("200", Bodies.Answer("What was found.", Bodies.Data(new OpenApiSchema { Type = JsonSchemaType.Array, Items = Choice() })));
        });
        AddMeta(docType, about + "/meta");
    }

    private void Add(Resource resource, string path, params ReadOnlySpan<(HttpMethod Method, ResourceVerbs Verb)> verbs)
    {
        foreach (var (method, verb) in verbs)
        {
            if (!ResourceOperations.IsServed(resource, verb))
            {
                continue;
            }

            var isCustom = resource.CustomHandlers.ContainsKey(verb);
            var operation = Operation(resource.DocType, method == HttpMethod.Patch ? "patch" : verb.ToString().ToLowerInvariant(), ResourceOperations.Summary(resource.DocType, verb));
            operation.Description = isCustom ? Texts.CustomHandler : Permissions.Describe(resource.DocType, verb);
            if (isCustom)
            {
                ResourceOperations.AddCustom(operation, verb);
            }
            else
            {
                Describe(operation, resource.DocType, verb);
            }

            Put(path, method, operation, ResourceOperations.Statuses(verb));
        }
    }

    private void Describe(OpenApiOperation operation, DocType docType, ResourceVerbs verb)
    {
        switch (verb)
        {
            case ResourceVerbs.List:
                operation.Parameters = ListParameters.V2();
                operation.Responses!.Add("200", Bodies.Answer("The rows.", Page(schemas.Read(docType))));
                break;
            case ResourceVerbs.Get:
                operation.Parameters = [ListParameters.Include()];
                operation.Responses!.Add("200", Bodies.Answer("The document.", WithParts(Bodies.Data(schemas.Read(docType)))));
                break;
            case ResourceVerbs.Create:
                operation.RequestBody = Bodies.Request(Bodies.OneOrMany(schemas.CreateNamed(docType), DocumentEndpoints.MaxBatch), schemas.CreateNamed(docType));
                operation.Responses!.Add("200", Bodies.Answer("The document as it was stored; a list of them for a list.", Bodies.Data(Bodies.OneOrMany(schemas.Read(docType), DocumentEndpoints.MaxBatch))));
                break;
            case ResourceVerbs.Update:
                operation.RequestBody = Bodies.Request(schemas.Update(docType), schemas.Update(docType));
                operation.Responses!.Add("200", Bodies.Answer("The document as it is now.", Bodies.Data(schemas.Read(docType))));
                break;
            default:
                operation.Responses!.Add("202", Bodies.Answer("It is deleted.", Bodies.Data(new OpenApiSchema { Type = JsonSchemaType.String, Enum = ["ok"] })));
                break;
        }
    }

    private void AddBulk(Resource resource, string name, ResourceVerbs verb, string summary, string done, string key, IOpenApiSchema item) =>
        AddOwn(resource, $"/api/v2/document/{resource.DocType.Name}/{name}", HttpMethod.Post, verb, name, summary, operation =>
        {
            var body = Bodies.Envelope((key, new OpenApiSchema { Type = JsonSchemaType.Array, Items = item, MaxItems = maxBulkItems }));
            operation.RequestBody = Bodies.Request(body, body);
            operation.Responses!.Add("200", Bodies.Answer("What became of each.", Bodies.Data(BulkResult(done))));
        });

    // What a service answers by handlers of its own has nothing but those.
    private void AddOwn(Resource resource, string path, HttpMethod method, ResourceVerbs verb, string id, string summary, Action<OpenApiOperation> describe)
    {
        if (!ResourceOperations.IsServed(resource, verb) || resource.CustomHandlers.ContainsKey(verb) || resource.DocType.Definition.IsVirtual)
        {
            return;
        }

        var operation = Operation(resource.DocType, id, summary);
        operation.Description = Permissions.Describe(resource.DocType, verb);
        describe(operation);
        Put(path, method, operation, ResourceOperations.Statuses(method == HttpMethod.Post ? ResourceVerbs.Update : verb));
    }

    private void AddMeta(DocType docType, string path)
    {
        var schemas = document.Components!.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        schemas.TryAdd(Meta, MetaSchema());
        var operation = Operation(docType, "meta", $"Tells the fields and permissions of {docType.Name}");
        operation.Description = "For every caller who is signed in.";
        operation.Parameters = [ListParameters.OneOf("include", "`children` adds the DocTypes of its tables.", "children")];
        var answer = Bodies.Data(new OpenApiSchemaReference(Meta, document));
        answer.Properties!.Add("children", new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchemaReference(Meta, document) });
        operation.Responses!.Add("200", Bodies.Answer("The DocType.", answer));
        Put(path, HttpMethod.Get, operation, [400, 401, 404, 405, 417, 429, 500, 503]);
    }

    private OpenApiOperation Operation(DocType docType, string id, string summary) => new()
    {
        OperationId = $"{names.Of(docType)}.v2.{id}",
        Summary = summary,
        Deprecated = docType.Definition.Deprecation is not null,
        Tags = new HashSet<OpenApiTagReference> { new(docType.Name, document) },
        Security = SecuritySchemes.Required(document),
        Responses = [],
    };

    private void Put(string path, HttpMethod method, OpenApiOperation operation, int[] statuses)
    {
        ErrorResponses.ReferV2(operation.Responses!, document, statuses);
        if (!document.Paths.TryGetValue(path, out var item))
        {
            document.Paths.Add(path, item = new OpenApiPathItem
            {
                Parameters = path.Contains("{name}", StringComparison.Ordinal) ? [ResourceOperations.NameInPath()] : [],
                Operations = [],
            });
        }

        item.Operations!.Add(method, operation);
    }

    private static OpenApiSchema Page(IOpenApiSchema row)
    {
        var page = Bodies.Envelope(
            ("data", new OpenApiSchema { Type = JsonSchemaType.Array, Items = row, Description = "The rows, with the fields that were asked for." }),
            ("has_next_page", new OpenApiSchema { Type = JsonSchemaType.Boolean, Description = "Whether there are more rows." }));
        page.Properties!.Add("next_cursor", new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Null, Description = Texts.NextCursor });
        page.Properties.Add("count", new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "The rows of the whole list, when `include` asked for it." });
        page.Properties.Add("count_capped", new OpenApiSchema { Type = JsonSchemaType.Boolean, Description = Texts.Capped });
        return page;
    }

    private static OpenApiSchema WithParts(OpenApiSchema answer)
    {
        foreach (var part in DocumentParts.Known)
        {
            answer.Properties!.Add(part, part switch
            {
                DocumentParts.Permissions or DocumentParts.LinkTitles => new OpenApiSchema { Type = JsonSchemaType.Object },
                DocumentParts.PartOfTags => new OpenApiSchema { Type = JsonSchemaType.Array, Items = Text() },
                _ => new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.Object } },
            });
        }

        return answer;
    }

    private static OpenApiSchema Choice() => Bodies.Envelope(("value", Text()), ("label", Text()), ("description", Text()));

    private static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };

    private static OpenApiSchema BulkResult(string done)
    {
        var name = new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Null };
        var number = new OpenApiSchema { Type = JsonSchemaType.Integer };
        return Bodies.Envelope(
            (done, new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } }),
            ("failed", new OpenApiSchema { Type = JsonSchemaType.Array, Items = Bodies.Envelope(("name", name), ("error", new OpenApiSchema { Type = JsonSchemaType.String })) }),
            ("total", number),
            ("success_count", number),
            ("failure_count", number));
    }

    private static OpenApiSchema MetaSchema()
    {
        var rows = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.Object } };
        var schema = Bodies.Envelope(("doctype", new OpenApiSchema { Type = JsonSchemaType.String, Enum = [(JsonNode)"DocType"] }), ("name", new OpenApiSchema { Type = JsonSchemaType.String }), ("fields", rows), ("permissions", rows));
        schema.Description = "A DocType with the keys of Frappe's files.";
        return schema;
    }
}
