using Microservices.Resources;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Microservices.Hosting;

/// <summary>
/// Wraps what a route under <c>/api/method/</c> returns as <c>{"message": ...}</c>, in API v2 as <c>{"data": ...}</c>, as Frappe does; null leaves the key out,
/// and a whole answer stays as it is.
/// </summary>
internal sealed class MethodResults : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) => await next(context) switch
    {
        EmptyHttpResult when !context.HttpContext.Response.HasStarted => new object(), // a handler that returns nothing
        IResult whole => whole,
        null => new object(),
        var value => new Dictionary<string, object> { [ApiVersion.ResultKey(context.HttpContext).Value] = value },
    };
}
