using System.Text.Json;
using Microservices.Data;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Errors;
using Microservices.Security;
using Microservices.Resources.Methods;
using Microservices.Resources.Patching;
using Microservices.Resources.V2;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Microservices.Resources;

/// <summary>Get, create, update and delete of one document, as both APIs answer them: v2 tells empty values, and keeps the name that a new document was given.</summary>
internal sealed class DocumentEndpoints(DocumentStore store, DocumentParts parts)
{
    public const int MaxBatch = 200;

    public async Task GetAsync(HttpContext context, TenantDb db, DocType docType, string name, bool isV2)
    {
        if (isV2 && DocumentParts.Wanted(context) is { Length: > 0 } wanted)
        {
            await GetWithPartsAsync(context, db, docType, name, wanted);
            return;
        }

        if (!isV2 && ExpandedLinks.Wanted(context))
        {
            await GetExpandedAsync(context, db, docType, name);
            return;
        }

        using var response = new JsonResponse(context, StatusCodes.Status200OK);
        response.Writer.WriteStartObject();
        response.Writer.WritePropertyName(JsonResponse.Data);
        if (await DocumentJson.WriteAsync(response.Writer, db, docType, name, isV2, context.RequestAborted) is { } modified)
        {
            var tag = EntityTag.Of(modified);
            context.Response.Headers.ETag = tag;
            if (EntityTag.IsKnown(context.Request, tag))
            {
                context.Response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }
        }

        response.Writer.WriteEndObject();
        await response.CompleteAsync();
    }

    // Without an entity tag: what hangs on a document changes on its own.
    private async Task GetWithPartsAsync(HttpContext context, TenantDb db, DocType docType, string name, string[] wanted)
    {
        var (document, access) = await ReadableDocuments.LoadAsync(db, docType, name, Rights.Read, context.RequestAborted);
        using var response = new JsonResponse(context, StatusCodes.Status200OK);
        response.Writer.WriteStartObject();
        response.Writer.WritePropertyName(JsonResponse.Data);
        DocumentJson.Write(response.Writer, document, access, withNulls: true);
        await parts.WriteAsync(response.Writer, db, document, access, wanted, context.RequestAborted);
        response.Writer.WriteEndObject();
        await response.CompleteAsync();
    }

    // Without an entity tag: what is linked changes on its own.
    private static async Task GetExpandedAsync(HttpContext context, TenantDb db, DocType docType, string name)
    {
        var (document, access) = await ReadableDocuments.LoadAsync(db, docType, name, Rights.Read, context.RequestAborted);
        var links = await ExpandedLinks.LoadAsync(db, document, access, context.RequestAborted);
        using var response = new JsonResponse(context, StatusCodes.Status200OK);
        response.Writer.WriteStartObject();
        response.Writer.WritePropertyName(JsonResponse.Data);
        DocumentJson.Write(response.Writer, document, access, links: links);
        response.Writer.WriteEndObject();
        await response.CompleteAsync();
    }

    public async Task CreateAsync(HttpContext context, TenantDb db, Resource resource, bool isV2)
    {
        var created = isV2 ? StatusCodes.Status200OK : StatusCodes.Status201Created;
        var access = Access.Of(db.User, resource.DocType);
        RequireBeforeReading(access, Rights.Create, resource.DocType);
        using var body = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
        DeprecationNotice.OfBody(context, resource.DocType, body.RootElement);
        if (body.RootElement.ValueKind is JsonValueKind.Object)
        {
            var document = Bind(resource, body.RootElement, access, isV2);
            await store.InsertAsync(db, document, ignorePermissions: false, context.RequestAborted);
            await WriteAsync(context, created, document, access, isV2);
            return;
        }

        if (body.RootElement.GetArrayLength() > MaxBatch)
        {
            throw new DataException($"At most {MaxBatch} documents are created in one request");
        }

        var documents = body.RootElement.EnumerateArray()
            .Select(item => item.ValueKind is JsonValueKind.Object ? Bind(resource, item, access, isV2) : throw new BadRequestException("The body must be a JSON object or a list of objects"))
            .ToList();
        await db.TransactionAsync(
            async () =>
            {
                foreach (var document in documents)
                {
                    await store.InsertAsync(db, document, ignorePermissions: false, context.RequestAborted);
                }
            },
            context.RequestAborted);
        await WriteAsync(context, created, documents, access, isV2);
    }

    public async Task UpdateAsync(HttpContext context, TenantDb db, Resource resource, string name, bool isV2)
    {
        var access = Access.Of(db.User, resource.DocType);
        RequireBeforeReading(access, Rights.Write, resource.DocType);
        using var body = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
        var isPatch = IsJsonPatch(context.Request);
        if (!isPatch && body.RootElement.ValueKind is not JsonValueKind.Object)
        {
            throw new BadRequestException("The body must be a JSON object");
        }

        var document = await store.UpdateAsync(
            db,
            resource.DocType,
            name,
            document =>
            {
                EntityTag.Require(context.Request, document.Modified);
                var changes = isPatch ? DocumentPatch.Changes(document, access, body.RootElement) : body.RootElement;
                DeprecationNotice.OfBody(context, resource.DocType, changes);
                DocumentBinder.Apply(document, changes, access, resource.IsStrict);
            },
            isPatch ? null : DocumentBinder.ModifiedOf(resource.DocType, body.RootElement),
            ignorePermissions: false,
            context.RequestAborted);
        await WriteAsync(context, StatusCodes.Status200OK, document, access, isV2);
    }

    public async Task DeleteAsync(HttpContext context, TenantDb db, DocType docType, string name, bool isV2)
    {
        RequireBeforeReading(Access.Of(db.User, docType), Rights.Delete, docType);
        await store.DeleteAsync(db, docType, name, ignorePermissions: false, context.RequestAborted, document => EntityTag.Require(context.Request, document.Modified));
        using var response = new JsonResponse(context, StatusCodes.Status202Accepted);
        response.Writer.WriteStartObject();
        response.Writer.WriteString(JsonResponse.Data, "ok");
        if (!isV2)
        {
            response.Writer.WriteString("message", "ok");
        }

        UserMessages.Append(context, response.Writer);
        response.Writer.WriteEndObject();
        await response.CompleteAsync();
    }

    private static Document Bind(Resource resource, JsonElement body, Access access, bool isV2)
    {
        var document = Document.Create(resource.DocType);
        DocumentBinder.Apply(document, body, access, resource.IsStrict);
        document.Name = DocumentBinder.RequestedName(body);
        document.KeepsName = isV2;
        return document;
    }

    private static bool IsJsonPatch(HttpRequest request) => HttpMethods.IsPatch(request.Method)
        && MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals(DocumentPatch.ContentType, StringComparison.OrdinalIgnoreCase);

    private static async Task WriteAsync(HttpContext context, int status, Document document, Access access, bool isV2)
    {
        context.Response.Headers.ETag = EntityTag.Of(document.Modified);
        using var response = new JsonResponse(context, status);
        response.Writer.WriteStartObject();
        response.Writer.WritePropertyName(JsonResponse.Data);
        DocumentJson.Write(response.Writer, document, access, isV2);
        UserMessages.Append(context, response.Writer);
        response.Writer.WriteEndObject();
        await response.CompleteAsync();
    }

    private static async Task WriteAsync(HttpContext context, int status, List<Document> documents, Access access, bool isV2)
    {
        using var response = new JsonResponse(context, status);
        response.Writer.WriteStartObject();
        response.Writer.WriteStartArray(JsonResponse.Data);
        foreach (var document in documents)
        {
            DocumentJson.Write(response.Writer, document, access, isV2);
        }

        response.Writer.WriteEndArray();
        UserMessages.Append(context, response.Writer);
        response.Writer.WriteEndObject();
        await response.CompleteAsync();
    }

    // Who may not do it to any document is told before the body is read. What hangs on a document has the rights of that document.
    private static void RequireBeforeReading(Access access, Rights right, DocType docType)
    {
        if (!AttachedRecords.Are(docType))
        {
            access.Require(right);
        }
    }
}
