using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Microservices.Hosting;

/// <summary>Makes a request delegate of a resource's custom handler, bound and transacted like the handler of a route.</summary>
internal static class CustomHandler
{
    public static RequestDelegate Compile(Delegate handler, IServiceProvider services) =>
        RequestDelegateFactory.Create(handler, new RequestDelegateFactoryOptions
        {
            ServiceProvider = services,
            RouteParameterNames = ["name"],
            ThrowOnBadRequest = true,
            // Only the filters of the endpoint are used; the resource's own route leads here.
            EndpointBuilder = new RouteEndpointBuilder(null, RoutePatternFactory.Parse("/"), order: 0)
            {
                ApplicationServices = services,
                FilterFactories = { (_, next) => context => new RouteTransactions().InvokeAsync(context, invocation => next(invocation)) },
            },
        }).RequestDelegate;
}
