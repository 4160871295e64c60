using Microservices.Data;
using Microservices.Data.Queries;
using Microservices.Errors;
using Microservices.Resources.Lists;
using Microservices.Resources.Methods;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Resources;

/// <summary>The resource API of every DocType that is served: finds the resource and the verb. v2 comes here with its own paths.</summary>
internal sealed class ResourceEndpoints(ResourceRegistry resources, DocumentEndpoints documents, ListEndpoint lists, DocumentMethodEndpoints methods)
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

    /// <summary>Answers one request of either API.</summary>
    /// <param name="context">The request.</param>
    /// <param name="segment">The DocType in the path.</param>
    /// <param name="name">The document; empty for the collection.</param>
    /// <param name="rules">Which API is asked.</param>
    public Task AnswerAsync(HttpContext context, string segment, string name, ListRules rules)
    {
        var method = context.Request.Method;
        if (name.Length == 0 && method is "GET" or "HEAD" && context.Request.Query["parent"].ToString() is { Length: > 0 } parent && resources.FindRows(segment) is { } rows)
        {
            // Rows are listed where their documents are.
            RequireOwn(context, resources.Get(parent), ResourceVerbs.List, isCollection: true);
            return lists.AnswerAsync(context, context.RequestServices.GetRequiredService<TenantDb>(), rows, rules);
        }

        var resource = resources.Get(segment);
        DeprecationNotice.OfResource(context, resource.DocType);
        var verb = (name.Length == 0, method) switch
        {
            (true, "GET" or "HEAD") => ResourceVerbs.List,
            (true, "POST") => ResourceVerbs.Create,
            (false, "GET" or "HEAD") => ResourceVerbs.Get,
            (false, "PUT" or "PATCH") => ResourceVerbs.Update,
            (false, "DELETE") => ResourceVerbs.Delete,
            _ => ResourceVerbs.None,
        };
        Require(context, resource, verb, name.Length == 0);

        if (resource.CustomHandlers.TryGetValue(verb, out var handler))
        {
            context.Request.RouteValues["name"] = name;
            return handler(context);
        }

        if (resource.DocType.Definition is { IsVirtual: true, VirtualClass: null })
        {
            throw new ValidationException($"{resource.DocType.Name} is virtual: it has no table, and this service gives it no handlers");
        }

        if (verb is ResourceVerbs.List && resource.DocType.Definition.IsSingle)
        {
            throw new ValidationException($"{resource.DocType.Name} is a single document and has no list: read it at {resource.DocType.Name}/{resource.DocType.Name}");
        }

        var db = context.RequestServices.GetRequiredService<TenantDb>();
        var isV2 = rules is ListRules.V2;
        return verb switch
        {
            ResourceVerbs.List when resource.DocType.Definition.IsVirtual => VirtualList.AnswerAsync(context, db, resource.DocType, rules),
            ResourceVerbs.List => lists.AnswerAsync(context, db, resource.DocType, rules),
            ResourceVerbs.Get => documents.GetAsync(context, db, resource.DocType, name, isV2),
            ResourceVerbs.Create => documents.CreateAsync(context, db, resource, isV2),
            ResourceVerbs.Update => documents.UpdateAsync(context, db, resource, name, isV2),
            _ => documents.DeleteAsync(context, db, resource.DocType, name, isV2),
        };
    }

    /// <summary>Refuses a verb that the resource leaves out.</summary>
    /// <exception cref="MethodNotAllowedException">It does.</exception>
    public static void Require(HttpContext context, Resource resource, ResourceVerbs verb, bool isCollection)
    {
        if ((resource.Verbs & verb) == 0)
        {
            context.Response.Headers.Allow = Allowed(resource, isCollection);
            throw new MethodNotAllowedException($"{resource.DocType.Name} does not take {context.Request.Method} here");
        }
    }

    /// <summary>Refuses a verb that the resource leaves out, or that its service answers by a handler of its own, which knows nothing of this request.</summary>
    /// <inheritdoc cref="Require"/>
    public static void RequireOwn(HttpContext context, Resource resource, ResourceVerbs verb, bool isCollection)
    {
        Require(context, resource, verb, isCollection);
        if (resource.CustomHandlers.ContainsKey(verb) || resource.DocType.Definition.IsVirtual)
        {
            throw new MethodNotAllowedException($"{resource.DocType.Name} is answered by the service itself, which does not take this request");
        }
    }

    private async Task InvokeAsync(HttpContext context)
    {
        var (docType, name) = ResourcePath.Parse(context, "/resource/");
        if (name.Length > 0 && await DocumentMethodEndpoints.NameAsync(context) is { Length: > 0 } documentMethod)
        {
            await methods.OnResourceAsync(context, resources.Get(docType).DocType, name, documentMethod);
            return;
        }

        await AnswerAsync(context, docType, name, ListRules.V1);
    }

    private static string Allowed(Resource resource, bool isCollection)
    {
        (ResourceVerbs Verb, string Methods)[] all = isCollection
            ? [(ResourceVerbs.List, "GET, HEAD"), (ResourceVerbs.Create, "POST")]
            : [(ResourceVerbs.Get, "GET, HEAD"), (ResourceVerbs.Update, "PUT, PATCH"), (ResourceVerbs.Delete, "DELETE")];
        return string.Join(", ", all.Where(entry => (resource.Verbs & entry.Verb) != 0).Select(entry => entry.Methods));
    }
}
