using System.Text.Json;
using Microservices.Data;
using Microservices.Data.Queries;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Errors;
using Microservices.Resources.Lists;
using Microservices.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microservices.Resources;

/// <summary>The list of a virtual DocType: what its handler gives, as far as the caller may read it.</summary>
internal static class VirtualList
{
    public static async Task AnswerAsync(HttpContext context, TenantDb db, DocType docType, ListRules rules)
    {
        var access = Access.Of(db.User, docType);
        access.Require(Rights.Read);
        var maxRows = context.RequestServices.GetRequiredService<IOptions<ResourceApiOptions>>().Value.MaxPageSize;
        var query = ListRequest.Parse(docType, context.Request.Query, maxRows, rules).Query;
        var columns = Columns(docType, query.Fields, access);
        using var response = new JsonResponse(context, StatusCodes.Status200OK);
        response.Writer.WriteStartObject();
        response.Writer.WriteStartArray(JsonResponse.Data);
        foreach (var document in await ReadableAsync(db, docType, query, context.RequestAborted))
        {
            Write(response.Writer, document, columns);
        }

        response.Writer.WriteEndArray();
        if (rules is ListRules.V2)
        {
            response.Writer.WriteBoolean("has_next_page", false);
        }

        response.Writer.WriteEndObject();
        await response.CompleteAsync();
    }

    /// <summary>The documents of a page that the caller may read.</summary>
    public static async Task<List<Document>> ReadableAsync(TenantDb db, DocType docType, ListQuery query, CancellationToken cancellationToken)
    {
        var permissions = db.Services.GetRequiredService<DocumentPermissions>();
        var readable = new List<Document>();
        foreach (var document in await VirtualDocuments.Of(db, docType).ListAsync(db, query, cancellationToken))
        {
            if (readable.Count < query.Limit && (await permissions.DecideAsync(db, Rights.Read, VirtualDocuments.Stored(docType, document), cancellationToken)).IsAllowed)
            {
                readable.Add(document);
            }
        }

        return readable;
    }

    private static List<DocField> Columns(DocType docType, IReadOnlyList<string> fields, Access access) =>
        fields is ["*"] ? [.. docType.Columns.Where(access.CanList)]
            : [.. fields.Select(name => docType.Column(name) ?? throw new DataException($"Field not permitted in query: {name}")).Where(access.CanList)];

    private static void Write(Utf8JsonWriter writer, Document document, List<DocField> columns)
    {
        writer.WriteStartObject();
        foreach (var column in columns)
        {
            writer.WritePropertyName(column.JsonName);
            var value = FieldValue.From(column.Get(document), column);
            FrappeJson.Write(writer, value is not null && column.Definition.Type is FieldType.Password ? StandardFields.Asterisks : value);
        }

        writer.WriteEndObject();
    }
}
