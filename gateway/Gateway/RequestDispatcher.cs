using Gateway.Discovery;
using Gateway.Errors;
using Gateway.Forwarding;
using Gateway.Health;
using Gateway.Pages;
using Gateway.Routing;
using Gateway.Routing.Shared;

namespace Gateway;

/// <summary>Decides who answers: the gateway itself for its few paths, else the service that announced what is asked for.</summary>
internal sealed class RequestDispatcher(ServiceDirectory directory, ServiceForwarder forwarder, RequestInspector inspector, ServicesPage page, Readiness readiness)
{
    private const string Command = "cmd";

    public Task DispatchAsync(HttpContext context)
    {
        if (!RequestTarget.TryRead(context, out var target))
        {
            return ErrorResponse.WriteAsync(context, GatewayError.BadTarget);
        }

        var request = context.Request;
        var isRead = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        return request.Path.Value switch
        {
            "/healthz" when isRead => context.Response.WriteAsync("ok", context.RequestAborted),
            "/readyz" when isRead => readiness.WriteAsync(context),
            "/" when isRead && !request.Query.ContainsKey(Command) => page.WriteAsync(context),
            ServicesPage.StylesheetPath when isRead => ServicesPage.WriteStylesheetAsync(context),
            _ when page.HasDocs && FindDocs(target) is var (service, path) => forwarder.ForwardAsync(context, service, path + target.Query),
            _ => ForwardAsync(context, target),
        };
    }

    private async Task ForwardAsync(HttpContext context, RequestTarget target)
    {
        try
        {
            var (service, error) = await FindAsync(context, target);
            await (service is not null ? forwarder.ForwardAsync(context, service, target.Raw) : ErrorResponse.WriteAsync(context, error!));
        }
        catch (InspectionException exception)
        {
            await ErrorResponse.WriteAsync(context, exception.Error);
        }
    }

    private async ValueTask<(Service? Service, GatewayError? Error)> FindAsync(HttpContext context, RequestTarget target)
    {
        var table = directory.Table;
        var api = ApiPath.Read(target);
        if (api.FindOwner(table) is { } owner)
        {
            return (owner, null);
        }

        if (api.Family is ApiFamily.DocType && table.Shared.FindDocType(api.Name) is [var first, ..])
        {
            return api.IsAboutDocType ? (first, null) : SharedOwner.OfDocType(table, api.Name, api.Document, await InspectAsync(context, table));
        }

        if (api.Family is ApiFamily.Method && table.Shared.FindMethod(api.Name) is { } shared)
        {
            return Known(await OfSharedAsync(context, table, api.Name, shared), api);
        }

        if (target.HasHiddenDotSegment())
        {
            return (null, GatewayError.BadTarget);
        }

        if (api.Family is ApiFamily.None && await FindCommandAsync(context, table, isRoot: target.Path == "/") is { } commanded)
        {
            return commanded;
        }

        return (SharedOwner.OfFile(table, target.DecodeSegments(3)) ?? table.FindRoute(context.Request.Method, context.Request.Path)) is { } service ? (service, null) : (null, Unknown(api));
    }

    private async Task<RequestFacts> InspectAsync(HttpContext context, RoutingTable table) => await inspector.ReadAsync(context, facts => SharedOwner.IsEnough(table, facts));

    private async ValueTask<(Service? Service, GatewayError? Error)> OfSharedAsync(HttpContext context, RoutingTable table, string method, SharedMethod shared) =>
        shared.ByDocType && shared.Services.Count > 1
            ? SharedOwner.OfMethod(table, method, shared, await InspectAsync(context, table))
            : (shared.Services[0], null);

    /// <summary><c>cmd=&lt;method&gt;</c> at the root, and on paths that no service has; null when the request says none.</summary>
    private async ValueTask<(Service? Service, GatewayError? Error)?> FindCommandAsync(HttpContext context, RoutingTable table, bool isRoot)
    {
        var request = context.Request;
        if (HttpMethods.IsOptions(request.Method) || (!isRoot && table.FindRoute(request.Method, request.Path) is not null))
        {
            return null;
        }

        var facts = await InspectAsync(context, table);
        if (facts.First(Command) is not { Length: > 0 } method)
        {
            return null;
        }

        var api = new ApiPath(ApiFamily.Method, method);
        return table.FindMethod(method) is { } owner ? (owner, null)
            : table.Shared.FindMethod(method) is { } shared ? Known(SharedOwner.OfMethod(table, method, shared, facts), api)
            : (null, Unknown(api));
    }

    // While not every service has been heard of, a DocType that is unknown may still belong to one of them.
    private (Service? Service, GatewayError? Error) Known((Service? Service, GatewayError? Error) found, ApiPath api) =>
        found is { Service: null, Error.Status: 404 } && !directory.IsComplete ? (null, Unknown(api)) : found;

    /// <summary><c>/services/&lt;name&gt;/…</c>: a service's documentation, its own address being out of a browser's reach.</summary>
    private (Service Service, string Path)? FindDocs(RequestTarget target)
    {
        if (!target.Path.StartsWith("/services/", StringComparison.OrdinalIgnoreCase) || target.HasHiddenDotSegment())
        {
            return null;
        }

        var segments = target.DecodeSegments(2);
        var path = segments.Length == 3 ? "/" + segments[2] : "";
        return directory.Table.FindName(segments[1]) is { Manifest: { } manifest } service && IsDocs(manifest, path) ? (service, path) : null;
    }

    private static bool IsDocs(Manifest manifest, string path) =>
        path == manifest.Spec
        || (manifest.Docs is { } docs && (path == docs || path.StartsWith(docs + "/", StringComparison.Ordinal)));

    private GatewayError Unknown(ApiPath api) => api switch
    {
        _ when !directory.IsComplete => GatewayError.NotLearnedYet,
        { Family: ApiFamily.DocType, Name.Length: > 0 } => GatewayError.DocTypeUnknown(api.Name),
        { Family: ApiFamily.Method, Name.Length: > 0 } => GatewayError.MethodUnknown(api.Name),
        _ => GatewayError.PathUnknown,
    };
}
