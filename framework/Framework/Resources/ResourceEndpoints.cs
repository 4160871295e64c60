using System.Text.Json;
using Microservices.Data;
using Microservices.Data.Permissions;
using Microservices.Data.Queries;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Errors;
using Microservices.Resources.Methods;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microservices.Resources;

/// <summary>The v1 resource API of every DocType that is served: finds the resource and the verb, and lists.</summary>
internal sealed class ResourceEndpoints(ResourceRegistry resources, DocumentEndpoints documents, IOptions<ResourceApiOptions> options, DocumentMethodEndpoints methods)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var endpoints = routes.ServiceProvider.GetRequiredService<ResourceEndpoints>();
        foreach (var prefix in (string[])["/api/resource", "/api/v1/resource"])
        {
            // One route for all DocTypes: the cost of routing does not grow with their number. OpenAPI lists each on its own.
            routes.Map(prefix + "/{doctype}/{**name}", endpoints.InvokeAsync).ExcludeFromDescription();
        }
    }

    private async Task InvokeAsync(HttpContext context)
    {
        var (docType, name) = ResourcePath.Parse(context);
        var resource = resources.Get(docType);
        if (name.Length > 0 && await DocumentMethodEndpoints.NameAsync(context) is { Length: > 0 } documentMethod)
        {
            await methods.OnResourceAsync(context, resource.DocType, name, documentMethod);
            return;
        }

        await AnswerAsync(context, resource, name);
    }

    private Task AnswerAsync(HttpContext context, Resource resource, string name)
    {
        var method = context.Request.Method;
        var verb = (name.Length == 0, method) switch
        {
            (true, "GET" or "HEAD") => ResourceVerbs.List,
            (true, "POST") => ResourceVerbs.Create,
            (false, "GET" or "HEAD") => ResourceVerbs.Get,
            (false, "PUT" or "PATCH") => ResourceVerbs.Update,
            (false, "DELETE") => ResourceVerbs.Delete,
            _ => ResourceVerbs.None,
        };
        if ((resource.Verbs & verb) == 0)
        {
            context.Response.Headers.Allow = Allowed(resource, name.Length == 0);
            throw new MethodNotAllowedException($"{resource.DocType.Name} does not take {method} here");
        }

        if (resource.CustomHandlers.TryGetValue(verb, out var handler))
        {
            context.Request.RouteValues["name"] = name;
            return handler(context);
        }

        if (resource.DocType.Definition.IsVirtual)
        {
            throw new ValidationException($"{resource.DocType.Name} is virtual: it has no table, and this service gives it no handlers");
        }

        if (verb is ResourceVerbs.List && resource.DocType.Definition.IsSingle)
        {
            throw new ValidationException($"{resource.DocType.Name} is a single document and has no list: read it at {resource.DocType.Name}/{resource.DocType.Name}");
        }

        var db = context.RequestServices.GetRequiredService<TenantDb>();
        return verb switch
        {
            ResourceVerbs.List => ListAsync(context, db, resource.DocType),
            ResourceVerbs.Get => DocumentEndpoints.GetAsync(context, db, resource.DocType, name),
            ResourceVerbs.Create => documents.CreateAsync(context, db, resource),
            ResourceVerbs.Update => documents.UpdateAsync(context, db, resource, name),
            _ => documents.DeleteAsync(context, db, resource.DocType, name),
        };
    }

    private async Task ListAsync(HttpContext context, TenantDb db, DocType docType)
    {
        var request = ListRequest.Parse(docType, context.Request.Query, options.Value.MaxPageSize);
        var limit = request.Query.Limit;
        // One row more than the page tells whether there are more.
        var query = request.IsCapped ? request.Query with { Limit = limit + 1 } : request.Query;
        query = await context.RequestServices.GetRequiredService<QueryConditions>().ApplyAsync(db, docType, query, context.RequestAborted);
        var lister = await AttachedRecords.ListerAsync(db, docType, query.Filters, context.RequestAborted);
        var (sql, columns) = SelectStatement.Build(docType, query, lister, db.Tenant, DateOnly.FromDateTime(db.Now));
        using var response = new JsonResponse(context, StatusCodes.Status200OK);
        var writer = response.Writer;
        writer.WriteStartObject();
        writer.WriteStartArray(JsonResponse.Data);
        var rows = 0;
        await using (var result = await db.UnitOfWork.QueryAsync(sql.ToString(), sql.Values, context.RequestAborted))
        {
            while (rows <= limit && result.Read())
            {
                if (++rows > limit)
                {
                    break;
                }

                WriteRow(writer, result, columns, request.AsDict, db);
                await response.FlushIfLargeAsync();
            }
        }

        writer.WriteEndArray();
        if (request.IsCapped)
        {
            writer.WriteBoolean("has_next_page", rows > limit);
        }

        writer.WriteEndObject();
        await response.CompleteAsync();
    }

    private static void WriteRow(Utf8JsonWriter writer, QueryResult result, List<SelectColumn> columns, bool asDict, TenantDb db)
    {
        if (asDict)
        {
            writer.WriteStartObject();
        }
        else
        {
            writer.WriteStartArray();
        }

        for (var i = 0; i < columns.Count; i++)
        {
            if (asDict)
            {
                writer.WritePropertyName(columns[i].JsonName);
            }

            if (result.Row.IsDBNull(i))
            {
                writer.WriteNullValue();
            }
            else if (columns[i].Field?.Definition.Type is FieldType.Password)
            {
                writer.WriteStringValue(DocumentJson.Asterisks);
            }
            else
            {
                FrappeJson.Write(writer, result.Row, i, columns[i].Kind, db.UnitOfWork.Dialect);
            }
        }

        if (asDict)
        {
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteEndArray();
        }
    }

    private static string Allowed(Resource resource, bool isCollection)
    {
        (ResourceVerbs Verb, string Methods)[] all = isCollection
            ? [(ResourceVerbs.List, "GET, HEAD"), (ResourceVerbs.Create, "POST")]
            : [(ResourceVerbs.Get, "GET, HEAD"), (ResourceVerbs.Update, "PUT, PATCH"), (ResourceVerbs.Delete, "DELETE")];
        return string.Join(", ", all.Where(entry => (resource.Verbs & entry.Verb) != 0).Select(entry => entry.Methods));
    }
}
