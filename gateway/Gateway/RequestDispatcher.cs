using Gateway.Discovery;
using Gateway.Errors;
using Gateway.Forwarding;
using Gateway.Health;
using Gateway.Pages;
using Gateway.Routing;

namespace Gateway;

/// <summary>Decides who answers: the gateway itself for its few paths, else the service that announced what is asked for.</summary>
internal sealed class RequestDispatcher(ServiceDirectory directory, ServiceForwarder forwarder, ServicesPage page, Readiness readiness)
{
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
            "/" when isRead => page.WriteAsync(context),
            ServicesPage.StylesheetPath when isRead => ServicesPage.WriteStylesheetAsync(context),
            _ when page.HasDocs && FindDocs(target) is var (service, path) => forwarder.ForwardAsync(context, service, path + target.Query),
            _ => ForwardAsync(context, target),
        };
    }

    private Task ForwardAsync(HttpContext context, RequestTarget target)
    {
        var table = directory.Table;
        var api = ApiPath.Read(target);
        if (api.FindOwner(table) is { } owner)
        {
            return forwarder.ForwardAsync(context, owner, target.Raw);
        }

        if (target.HasHiddenDotSegment())
        {
            return ErrorResponse.WriteAsync(context, GatewayError.BadTarget);
        }

        return table.FindRoute(context.Request.Method, context.Request.Path) is { } service
            ? forwarder.ForwardAsync(context, service, target.Raw)
            : ErrorResponse.WriteAsync(context, Unknown(api));
    }

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
