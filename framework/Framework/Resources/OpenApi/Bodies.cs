using Microsoft.OpenApi;

namespace Microservices.Resources.OpenApi;

/// <summary>The envelopes of answers, and the forms of a body.</summary>
internal static class Bodies
{
    /// <summary><c>{"data": ...}</c>.</summary>
    public static OpenApiSchema Data(IOpenApiSchema data) => Envelope(("data", data));

    /// <summary><c>{"data": [...], "has_next_page": ...}</c>.</summary>
    public static OpenApiSchema Page(IOpenApiSchema row)
    {
        var page = Envelope(("data", new OpenApiSchema { Type = JsonSchemaType.Array, Items = row, Description = "The rows, with the fields that were asked for." }));
        page.Properties!.Add("has_next_page", new OpenApiSchema { Type = JsonSchemaType.Boolean, Description = Texts.HasNextPage });
        page.Properties.Add("next_cursor", new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Null, Description = Texts.NextCursor });
        page.Properties.Add("total", new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "The rows of the whole list, when `with_total` was given." });
        page.Properties.Add("total_capped", new OpenApiSchema { Type = JsonSchemaType.Boolean, Description = Texts.Capped });
        return page;
    }

    /// <summary>The answer of a delete, in Frappe's old and new form.</summary>
    public static OpenApiSchema Deleted() => Envelope(("data", Ok()), ("message", Ok()));

    /// <summary>One, or a list.</summary>
    public static OpenApiSchema OneOrMany(IOpenApiSchema one, int most) =>
        new() { OneOf = [one, new OpenApiSchema { Type = JsonSchemaType.Array, Items = one, MaxItems = most }] };

    /// <summary>A body as JSON or in a form.</summary>
    public static OpenApiRequestBody Request(IOpenApiSchema json, IOpenApiSchema document)
    {
        var form = new OpenApiMediaType
        {
            Schema = new OpenApiSchema
            {
                AnyOf =
                [
                    new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object,
                        Properties = new Dictionary<string, IOpenApiSchema> { ["data"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = Texts.FormData } },
                        Required = new HashSet<string> { "data" },
                    },
                    document,
                ],
            },
        };
        return new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, IOpenApiMediaType>
            {
                [JsonResponse.ContentType] = new OpenApiMediaType { Schema = json },
                ["application/x-www-form-urlencoded"] = form,
                ["multipart/form-data"] = form,
            },
        };
    }

    /// <summary>An answer as JSON.</summary>
    public static OpenApiResponse Answer(string description, IOpenApiSchema schema) => new()
    {
        Description = description,
        Content = new Dictionary<string, IOpenApiMediaType> { [JsonResponse.ContentType] = new OpenApiMediaType { Schema = schema } },
    };

    private static OpenApiSchema Ok() => new() { Type = JsonSchemaType.String, Enum = ["ok"] };

    /// <summary>An object whose keys are all there.</summary>
    public static OpenApiSchema Envelope(params ReadOnlySpan<(string Key, IOpenApiSchema Schema)> entries)
    {
        var schema = new OpenApiSchema { Type = JsonSchemaType.Object, Properties = new Dictionary<string, IOpenApiSchema>(), Required = new HashSet<string>() };
        foreach (var (key, value) in entries)
        {
            schema.Properties.Add(key, value);
            schema.Required.Add(key);
        }

        return schema;
    }
}
