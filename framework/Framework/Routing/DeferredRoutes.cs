using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Microservices.Routing;

/// <summary>
/// Maps routes whose handlers are compiled when they are first called. The host makes all endpoints twice, once for authorization and once for
/// routing, and compiling is milliseconds for each: a service of a hundred routes would start a second later. What a handler's parameters
/// and attributes say is read at the start all the same, so that a handler that cannot be bound stops it.
/// </summary>
internal static class DeferredRoutes
{
    extension(IEndpointRouteBuilder routes)
    {
        /// <summary>Maps a route as <c>MapMethods</c> does.</summary>
        public RouteHandlerBuilder MapDeferred(string pattern, IEnumerable<string> methods, Delegate handler) =>
            RouteHandlerServices.Map(routes, pattern, handler, methods, RequestDelegateFactory.InferMetadata, Defer);
    }

    private static RequestDelegateResult Defer(Delegate handler, RequestDelegateFactoryOptions options, RequestDelegateMetadataResult? metadata)
    {
        var compiled = new Lazy<RequestDelegate>(() => RequestDelegateFactory.Create(handler, options, metadata).RequestDelegate);
        return new(context => compiled.Value(context), metadata?.EndpointMetadata ?? []);
    }
}
