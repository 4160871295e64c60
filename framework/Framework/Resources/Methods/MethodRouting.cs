using Microservices.DocTypes;
using Microservices.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Microservices.Resources.Methods;

/// <summary>
/// Finds the method that a request calls: by its path, <c>/api/method/&lt;name&gt;</c>, <c>/api/v1/method/&lt;name&gt;</c> or <c>/api/v2/method/&lt;name&gt;</c>, or
/// by the parameter <c>cmd</c> on a path where nothing else is. Runs after routing and before authentication, which asks the method whether guests may call it.
/// </summary>
internal sealed class MethodRouting(MethodRegistry methods, DocTypeRegistry docTypes, EndpointDataSource endpoints)
{
    private const string RoutePrefix = "/api/method/";
    private const int CommandThreshold = 64 * 1024;

    // Routes of the service under /api/method/, which are called by the other addresses too. Known once the service is mapped.
    private readonly Lazy<ILookup<string, RouteEndpoint>> _routes = new(() => endpoints.Endpoints.OfType<RouteEndpoint>()
        .Where(endpoint => NameOf(endpoint) is not null)
        .ToLookup(endpoint => NameOf(endpoint)!, StringComparer.Ordinal));

    /// <summary>Maps the addresses of methods; which method it is shows later.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var prefix in (string[])["/api/method", "/api/v1/method", "/api/v2/method"])
        {
            routes.Map(prefix + "/{**method}", static _ => throw new InvalidOperationException("The method has not been looked for."))
                .WithMetadata(Door.Instance).ExcludeFromDescription();
        }
    }

    /// <summary>Puts the method in the place of the endpoint that routing found.</summary>
    /// <exception cref="DoesNotExistException">There is no such method.</exception>
    public async Task SelectAsync(HttpContext context, RequestDelegate next)
    {
        var endpoint = context.GetEndpoint();
        if (endpoint is null)
        {
            var command = await CommandAsync(context);
            if (command.Length > 0)
            {
                context.SetEndpoint(Find(context, command));
            }
        }
        else if (endpoint.Metadata.GetMetadata<Door>() is not null)
        {
            var path = (context.Request.RouteValues["method"] as string ?? "").Split('/');
            context.SetEndpoint(ApiVersion.IsV2(context) && path.Length > 1 && path[1].Length > 0 ? OfDocType(path[0], path[1]) : Find(context, path[0]));
        }

        await next(context);
    }

    private RouteEndpoint OfDocType(string docType, string function) =>
        docTypes.FindByPath(docType) is { } found && methods.Find(found, function) is { } method
            ? method.Endpoint
            : throw new DoesNotExistException($"Method {docType}/{function} not found");

    private RouteEndpoint Find(HttpContext context, string name)
    {
        if (methods.Find(name) is { } method && !name.Contains('/', StringComparison.Ordinal))
        {
            return method.Endpoint;
        }

        RouteEndpoint[] routes = [.. _routes.Value[name]];
        if (routes.Length == 0)
        {
            throw new DoesNotExistException($"Method {name} not found");
        }

        var taken = routes.SelectMany(route => route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []).ToArray();
        if (Array.Find(routes, route => Takes(route, context.Request.Method)) is not { } found)
        {
            context.Response.Headers.Allow = string.Join(", ", taken);
            throw new MethodNotAllowedException($"{name} does not take {context.Request.Method}");
        }

        return found;
    }

    /// <summary>What <c>cmd</c> says; empty when the request has none.</summary>
    private static async ValueTask<string> CommandAsync(HttpContext context)
    {
        var request = context.Request;
        if (HttpMethods.IsOptions(request.Method))
        {
            return "";
        }

        request.EnableBuffering(CommandThreshold);
        try
        {
            return (await RequestParameters.OfAsync(context)).Command;
        }
        catch (BadRequestException)
        {
            return ""; // nothing is here, whatever was sent to it
        }
        finally
        {
            request.Body.Position = 0; // a route of the service reads the body itself
        }
    }

    private static bool Takes(RouteEndpoint route, string verb) => route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(verb, StringComparer.OrdinalIgnoreCase) != false;

    private static string? NameOf(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<Door>() is null && endpoint.RoutePattern.Parameters.Count == 0 && endpoint.RoutePattern.RawText is { } pattern
        && pattern.StartsWith(RoutePrefix, StringComparison.OrdinalIgnoreCase)
            ? pattern[RoutePrefix.Length..].TrimEnd('/')
            : null;

    private sealed class Door
    {
        public static readonly Door Instance = new();
    }
}
