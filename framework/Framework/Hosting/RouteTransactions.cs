using Microservices.Resources.Methods;
using Microsoft.AspNetCore.Http;

namespace Microservices.Hosting;

/// <summary>Makes the writes of a route's handler one transaction.</summary>
internal sealed class RouteTransactions : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        HandlerTransactions.RunAsync(context.HttpContext, () => next(context));
}
