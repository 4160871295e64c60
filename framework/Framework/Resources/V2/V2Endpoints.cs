using Microservices.Data;
using Microservices.Data.Queries;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Errors;
using Microservices.Resources.Lists;
using Microservices.Resources.Methods;
using Microservices.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Resources.V2;

/// <summary>The paths of Frappe's second API: <c>/api/v2/document</c> and <c>/api/v2/doctype</c>. What they share with the first is answered by the same code.</summary>
internal sealed class V2Endpoints(ResourceRegistry resources, DocTypeRegistry docTypes, ResourceEndpoints endpoints, BulkOperations bulk, ChildRows rows, LinkSearch search, DocumentPermissions permissions)
{
    private const string Documents = "/document/";
    private const string DocTypes = "/doctype/";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var v2 = routes.ServiceProvider.GetRequiredService<V2Endpoints>();
        routes.Map("/api/v2/document/{doctype}/{**name}", v2.DocumentAsync).ExcludeFromDescription();
        routes.MapGet("/api/v2/doctype/{doctype}/meta", (RequestDelegate)v2.MetaAsync).ExcludeFromDescription();
        routes.MapGet("/api/v2/doctype/{doctype}/count", (RequestDelegate)v2.CountAsync).ExcludeFromDescription();
        routes.MapGet("/api/v2/doctype/{doctype}/search", (RequestDelegate)v2.SearchAsync).ExcludeFromDescription();
    }

    private async Task DocumentAsync(HttpContext context)
    {
        if (context.Request.Method == QueryMethod.Name && ResourcePath.Parse(context, Documents).Name.Length == 0)
        {
            await QueryMethod.BecomeGetAsync(context);
        }

        await AnswerAsync(context);
    }

    private Task AnswerAsync(HttpContext context)
    {
        var method = context.Request.Method;
        var (docType, name) = ResourcePath.Parse(context, Documents);
        if (method == "POST" && name is BulkOperations.Delete or BulkOperations.Update)
        {
            return bulk.AnswerAsync(context, resources.Get(docType), name);
        }

        if (method is "GET" or "HEAD" && ResourcePath.Parse(context, Documents, "copy", out var isCopy) is var (_, copied) && isCopy)
        {
            return CopyAsync(context, resources.Get(docType), copied);
        }

        return method == "DELETE" && name.Length > 0 && resources.FindRows(docType) is { } child
            ? rows.DeleteAsync(context, child, name)
            : endpoints.AnswerAsync(context, docType, name, ListRules.V2);
    }

    private async Task CopyAsync(HttpContext context, Resource resource, string name)
    {
        ResourceEndpoints.RequireOwn(context, resource, ResourceVerbs.Get, isCollection: false);
        var db = context.RequestServices.GetRequiredService<TenantDb>();
        Access.Of(db.User, resource.DocType).Require(Rights.Read);
        var document = await DocumentReader.LoadAsync(db, resource.DocType, name, forUpdate: false, context.RequestAborted) ?? throw DocumentStore.NotFound(resource.DocType, name);
        var access = await permissions.RequireAsync(db, Rights.Read, document, context.RequestAborted);
        using var response = new JsonResponse(context, StatusCodes.Status200OK);
        response.Writer.WriteStartObject();
        response.Writer.WritePropertyName(JsonResponse.Data);
        DocumentCopy.Write(response.Writer, document, access);
        response.Writer.WriteEndObject();
        await response.CompleteAsync();
    }

    private async Task MetaAsync(HttpContext context)
    {
        var (segment, _) = ResourcePath.Parse(context, DocTypes);
        var docType = resources.FindRows(segment) ?? resources.Get(segment).DocType;
        var include = context.Request.Query["include"].ToString();
        if (include is not ("" or "children"))
        {
            throw new DataException($"include is children, not {include}");
        }

        using var response = new JsonResponse(context, StatusCodes.Status200OK);
        response.Writer.WriteStartObject();
        response.Writer.WritePropertyName(JsonResponse.Data);
        DocTypeJson.Write(response.Writer, docType.Definition);
        if (include.Length > 0)
        {
            response.Writer.WriteStartArray("children");
            foreach (var child in docType.Tables.Select(table => table.Child).Distinct())
            {
                DocTypeJson.Write(response.Writer, child.Definition);
            }

            response.Writer.WriteEndArray();
        }

        response.Writer.WriteEndObject();
        await response.CompleteAsync();
    }

    private async Task SearchAsync(HttpContext context)
    {
        var (segment, _) = ResourcePath.Parse(context, DocTypes);
        var resource = resources.Get(segment);
        ResourceEndpoints.RequireOwn(context, resource, ResourceVerbs.List, isCollection: true);
        var query = context.Request.Query;
        var db = context.RequestServices.GetRequiredService<TenantDb>();
        var found = await search.FindAsync(
            db, resource.DocType, query["txt"].ToString(), query["filters"].ToString(), ListRules.V2, ListRequest.WholeNumber(query, "start"), ListRequest.WholeNumber(query, "limit"), context.RequestAborted);
        using var response = new JsonResponse(context, StatusCodes.Status200OK);
        response.Writer.WriteStartObject();
        response.Writer.WritePropertyName(JsonResponse.Data);
        MethodJson.Write(response.Writer, found, db.User);
        response.Writer.WriteEndObject();
        await response.CompleteAsync();
    }

    private async Task CountAsync(HttpContext context)
    {
        var (segment, _) = ResourcePath.Parse(context, DocTypes);
        var query = context.Request.Query;
        var parent = query["parent"].ToString();
        var docType = parent.Length > 0 ? resources.FindRows(segment) : null;
        ResourceEndpoints.RequireOwn(context, resources.Get(docType is null ? segment : parent), ResourceVerbs.List, isCollection: true);
        docType ??= docTypes.FindByPath(segment)!;
        var request = CountRequest.Parse(docType, query);
        var db = context.RequestServices.GetRequiredService<TenantDb>();
        var count = await ListCount.CountAsync(db, docType, request.Query, request.Limit, request.Distinct, context.RequestAborted);
        using var response = new JsonResponse(context, StatusCodes.Status200OK);
        response.Writer.WriteStartObject();
        response.Writer.WriteNumber(JsonResponse.Data, count);
        response.Writer.WriteEndObject();
        await response.CompleteAsync();
    }
}
