using System.Globalization;
using Microsoft.OpenApi;

namespace Microservices.Resources.OpenApi;

/// <summary>The shape of errors of each API and the statuses it comes with, as components that operations refer to.</summary>
internal static class ErrorResponses
{
    public const string Schema = "Error";

    // A dot keeps it apart from the names of .NET types, and no schema of a DocType ends like it.
    public const string SchemaV2 = "Error.v2";

    private static readonly (int Status, string Description, string? Header, string HeaderDescription)[] s_all =
    [
        (400, "The request is malformed: its path, its JSON, or its form; or it came with a cookie from a page of another origin.", null, ""),
        (401, "No credentials, or credentials that are not accepted.", "WWW-Authenticate", "RFC 6750 section 3."),
        (403, "The caller is known and may not.", null, ""),
        (404, "There is nothing of this name in the caller's tenant.", null, ""),
        (405, "The resource does not take this verb.", "Allow", "The verbs it takes."),
        (409, "A document of this name is there already, or the name is not allowed.", null, ""),
        (413, "The body is larger than the service takes.", null, ""),
        (415, "The body is neither JSON nor a form.", null, ""),
        (417, "A rule of the document or of the request is not met; `message` tells which.", null, ""),
        (429, "Too many requests.", "Retry-After", "Seconds."),
        (500, "A defect: tell support the `request_id`.", null, ""),
        (503, "The database, or the central site for credentials that only it can check, is not there. The request may be sent again.", "Retry-After", "Seconds."),
    ];

    /// <summary>Adds both schemas, and one response of each for every status, to a document.</summary>
    public static void AddTo(OpenApiDocument document)
    {
        document.AddComponent(Schema, Body());
        document.AddComponent(SchemaV2, BodyV2());
        Add(document, Schema);
        Add(document, SchemaV2);
    }

    private static void Add(OpenApiDocument document, string schema)
    {
        foreach (var (status, description, header, headerDescription) in s_all)
        {
            var response = new OpenApiResponse
            {
                Description = description,
                Content = new Dictionary<string, IOpenApiMediaType> { [JsonResponse.ContentType] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(schema, document) } },
            };
            if (header is not null)
            {
                response.Headers = new Dictionary<string, IOpenApiHeader> { [header] = new OpenApiHeader { Description = headerDescription, Schema = new OpenApiSchema { Type = JsonSchemaType.String } } };
            }

            document.AddComponent(Id(schema, status), response);
        }
    }

    /// <summary>Refers an operation of the first API to the responses of some statuses.</summary>
    public static void Refer(OpenApiResponses responses, OpenApiDocument document, params ReadOnlySpan<int> statuses) => Refer(responses, document, Schema, statuses);

    /// <summary>The same for the second API.</summary>
    public static void ReferV2(OpenApiResponses responses, OpenApiDocument document, params ReadOnlySpan<int> statuses) => Refer(responses, document, SchemaV2, statuses);

    private static void Refer(OpenApiResponses responses, OpenApiDocument document, string schema, ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
        {
            responses.TryAdd(Text(status), new OpenApiResponseReference(Id(schema, status), document));
        }
    }

    private static string Id(string schema, int status) => $"{schema}.{Text(status)}";

    private static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);

    private static OpenApiSchema Body()
    {
        return new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "Every error: Frappe's keys for Frappe's clients, plain ones for everybody.",
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["exc_type"] = Text("Frappe's name of the error, such as `MandatoryError`.", "ValidationError"),
                ["exception"] = Text("Type and message in one line.", null),
                ["exc"] = Text("A JSON array as text, with the same line.", null),
                ["_server_messages"] = Text("A JSON array as text, of messages that are JSON objects as text.", null),
                ["status"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = ["error"] },
                ["message"] = Text("What happened, and what to change.", null),
                ["type"] = Text("The same as `exc_type`.", "ValidationError"),
                ["code"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "The HTTP status." },
                ["request_id"] = Text("The id of the request, also in `X-Frappe-Request-Id`.", null),
                ["session_expired"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Enum = [1], Description = "There when a `sid` came that is no session any more." },
            },
            Required = new SortedSet<string>(StringComparer.Ordinal) { "exc_type", "exception", "exc", "_server_messages", "status", "message", "type", "code", "request_id" },
        };

    }

    private static OpenApiSchema BodyV2() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "Every error of the second API.",
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["errors"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Items = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Properties = new Dictionary<string, IOpenApiSchema>
                    {
                        ["type"] = Text("Frappe's name of the error, such as `MandatoryError`.", "ValidationError"),
                        ["message"] = Text("What happened, and what to change.", null),
                        ["indicator"] = Text("The color to show it in.", "red"),
                    },
                    Required = new SortedSet<string>(StringComparer.Ordinal) { "type", "message", "indicator" },
                },
            },
            ["messages"] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.Object }, Description = "Messages that came before the error." },
            ["request_id"] = Text("The id of the request, also in `X-Frappe-Request-Id`.", null),
        },
        Required = new SortedSet<string>(StringComparer.Ordinal) { "errors", "request_id" },
    };

    private static OpenApiSchema Text(string description, string? example) => new() { Type = JsonSchemaType.String, Description = description, Examples = example is null ? null : [example] };
}
