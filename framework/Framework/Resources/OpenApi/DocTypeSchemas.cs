using Microservices.DocTypes;
using Microservices.Resources.V2;
using Microsoft.OpenApi;

namespace Microservices.Resources.OpenApi;

/// <summary>The schemas of one DocType: the document as it is answered, and the bodies that create and change it.</summary>
internal sealed class DocTypeSchemas(OpenApiDocument document, SchemaNames names)
{
    private const string DocTypeKey = "doctype";

    /// <summary>The document as it is answered.</summary>
    public IOpenApiSchema Read(DocType docType) => Reference(names.Read(docType), () =>
    {
        var schema = Object(docType);
        foreach (var field in docType.Columns)
        {
            schema.Properties!.Add(field.Name, field.Name == StandardFields.DocStatus ? Status() : FieldSchema.Answered(field));
        }

        schema.Properties!.Add(DocTypeKey, new OpenApiSchema { Type = JsonSchemaType.String, Enum = [docType.Name], ReadOnly = true });
        AddTables(schema, docType, table => Read(table.Child));
        return schema;
    });

    /// <summary>The body that makes a document.</summary>
    public IOpenApiSchema Create(DocType docType) => Reference(names.Create(docType), () =>
    {
        var schema = Object(docType);
        if (IsNamedByClient(docType, out var isNameRequired))
        {
            schema.Properties!.Add(StandardFields.Name, new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = StandardFields.NameLength });
            if (isNameRequired)
            {
                schema.Required!.Add(StandardFields.Name);
            }
        }

        AddFields(schema, docType, withRequired: true);
        AddStatus(schema, docType, last: 1);
        AddTables(schema, docType, table => Row(table.Child));
        foreach (var table in docType.Tables.Where(table => table.Definition.Required))
        {
            schema.Required!.Add(table.Name);
        }

        return schema;
    });

    /// <summary>The body that changes a document: what is not in it stays.</summary>
    public IOpenApiSchema Update(DocType docType) => Reference(names.Update(docType), () =>
    {
        var schema = Object(docType);
        AddFields(schema, docType, withRequired: false);
        AddStatus(schema, docType, last: 2);
        schema.Properties!.Add(StandardFields.Modified, new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Description = "As it was read. When the document has been changed since, the update is refused.",
        });
        AddTables(schema, docType, table => Row(table.Child));
        return schema;
    });

    /// <summary>The document as it is copied: no name, no stamps, nothing that is not to be copied, and no password.</summary>
    public IOpenApiSchema Copy(DocType docType) => Reference(names.Copy(docType), () =>
    {
        var schema = Object(docType);
        foreach (var field in docType.Columns.Where(DocumentCopy.Holds))
        {
            schema.Properties!.Add(field.Name, FieldSchema.Answered(field));
        }

        schema.Properties!.Add(DocTypeKey, new OpenApiSchema { Type = JsonSchemaType.String, Enum = [docType.Name] });
        AddTables(schema, docType, table => Copy(table.Child), table => !table.Definition.NoCopy);
        return schema;
    });

    /// <summary>The body that makes a document where a name that is sent is kept, whatever the naming rule.</summary>
    public IOpenApiSchema CreateNamed(DocType docType)
    {
        var create = Create(docType);
        return docType.Definition.IsSingle || IsNamedByClient(docType, out _) || docType.Definition.Autoname.Equals("autoincrement", StringComparison.OrdinalIgnoreCase) ? create
            : new OpenApiSchema { AllOf = [create, Name("Kept, whatever the naming rule; without it, the rule names the document.", isRequired: false)] };
    }

    /// <summary>One item of a bulk update: the name, and the fields to change.</summary>
    public IOpenApiSchema UpdateNamed(DocType docType) => new OpenApiSchema { AllOf = [Update(docType), Name("Of the document to change.", isRequired: true)] };

    private static OpenApiSchema Name(string description, bool isRequired) => new()
    {
        Type = JsonSchemaType.Object,
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            [StandardFields.Name] = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = StandardFields.NameLength, Description = description },
        },
        Required = isRequired ? new HashSet<string> { StandardFields.Name } : null,
    };

    /// <summary>A child row in a body: a kept row by its name, and any other is new.</summary>
    private OpenApiSchemaReference Row(DocType docType) => Reference(names.Row(docType), () =>
    {
        var schema = Object(docType);
        schema.Properties!.Add(StandardFields.Name, new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            MaxLength = StandardFields.NameLength,
            Description = "Of a stored row of this document, to keep it: its fields that are not sent are emptied.",
        });
        AddFields(schema, docType, withRequired: true);
        return schema;
    });

    private OpenApiSchemaReference Reference(string id, Func<OpenApiSchema> make)
    {
        var schemas = document.Components!.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        if (!schemas.ContainsKey(id))
        {
            schemas[id] = make();
        }

        return new OpenApiSchemaReference(id, document);
    }

    private static OpenApiSchema Object(DocType docType) => new()
    {
        Type = JsonSchemaType.Object,
        Title = docType.Name,
        Description = docType.Definition.Description.Length > 0 ? docType.Definition.Description : null,
        Properties = new Dictionary<string, IOpenApiSchema>(),
        Required = new SortedSet<string>(StringComparer.Ordinal),
    };

    private static void AddFields(OpenApiSchema schema, DocType docType, bool withRequired)
    {
        var nameField = NamingRule.Parse(docType.Definition).NameField;
        foreach (var field in docType.Columns.Where(field => !field.IsStandard))
        {
            var isRequired = withRequired && (field.Definition.Required || field.Name == nameField) && !FieldSchema.HasDefault(field);
            schema.Properties!.Add(field.Name, FieldSchema.Sent(field, isRequired));
            if (isRequired)
            {
                schema.Required!.Add(field.Name);
            }
        }
    }

    private static void AddTables(OpenApiSchema schema, DocType docType, Func<ChildTable, IOpenApiSchema> row, Func<ChildTable, bool>? isThere = null)
    {
        foreach (var table in docType.Tables.Where(isThere ?? (_ => true)))
        {
            schema.Properties!.Add(table.Name, new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Title = table.Definition.DisplayLabel,
                Deprecated = table.Definition.Deprecation is not null,
                Description = table.Definition.Description.Length > 0 ? table.Definition.Description : null,
                Items = row(table),
            });
        }
    }

    private static void AddStatus(OpenApiSchema schema, DocType docType, int last)
    {
        if (docType.Definition.IsSubmittable)
        {
            var status = Status();
            status.ReadOnly = false;
            status.Description = last == 1 ? "1 creates and submits." : "1 submits a draft, 2 cancels a submitted document.";
            status.Enum = [.. Enumerable.Range(0, last + 1)];
            schema.Properties!.Add(StandardFields.DocStatus, status);
        }
    }

    private static OpenApiSchema Status() => new()
    {
        Type = JsonSchemaType.Integer,
        Enum = [0, 1, 2],
        Description = "0 draft, 1 submitted, 2 cancelled.",
        ReadOnly = true,
    };

    private static bool IsNamedByClient(DocType docType, out bool isRequired)
    {
        isRequired = docType.Definition.Autoname.Equals("prompt", StringComparison.OrdinalIgnoreCase) && !docType.Definition.IsSingle;
        return isRequired || docType.Definition.Autoname.Equals("uuid", StringComparison.OrdinalIgnoreCase);
    }
}
