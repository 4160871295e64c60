using Microservices.Data;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
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
        if (StatusOf(result, context.HttpContext) < StatusCodes.Status400BadRequest)
        {
            context.HttpContext.RequestAborted.ThrowIfCancellationRequested(); // nobody is there to be told that it was kept
            await writes.CommitAsync();
        }

        return result;
    }

    private static int StatusOf(object? result, HttpContext context) => result switch
    {
        INestedHttpResult union => StatusOf(union.Result, context), // Results<Ok, NotFound>
        IStatusCodeHttpResult { StatusCode: { } status } => status,
        ForbidHttpResult => StatusCodes.Status403Forbidden,
        ChallengeHttpResult => StatusCodes.Status401Unauthorized,
        _ => context.Response.StatusCode,
    };
}
