using Microservices.Data;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Hosting;

/// <summary>Makes the writes of a route's handler one transaction: kept when it answers success, before the answer is sent, and undone otherwise.</summary>
internal sealed class RouteTransactions : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var unitOfWork = context.HttpContext.RequestServices.GetRequiredService<UnitOfWork>();
        if (unitOfWork.IsReadOnly)
        {
            return await next(context);
        }

        await using var writes = unitOfWork.DeferCommit();
        var result = await next(context);
        var status = (result as IStatusCodeHttpResult)?.StatusCode ?? context.HttpContext.Response.StatusCode;
        if (status < StatusCodes.Status400BadRequest)
        {
            await writes.CommitAsync();
        }

        return result;
    }
}
