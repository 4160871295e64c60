using Microservices.Data;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Resources.Methods;

/// <summary>Makes the writes of a handler one transaction: kept when it answers success, before the answer is sent, and undone otherwise.</summary>
internal static class HandlerTransactions
{
    public static async ValueTask<object?> RunAsync(HttpContext context, Func<ValueTask<object?>> handler)
    {
        var unitOfWork = context.RequestServices.GetRequiredService<UnitOfWork>();
        if (unitOfWork.IsReadOnly)
        {
            return await handler();
        }

        await using var writes = unitOfWork.DeferCommit();
        var result = await handler();
        if (StatusOf(result, context) < StatusCodes.Status400BadRequest)
        {
            context.RequestAborted.ThrowIfCancellationRequested(); // nobody is there to be told that it was kept
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
