using Microservices.Data.Sessions;
using Microservices.Errors;
using Microservices.Routing;
using Microservices.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Microservices.Hosting;

/// <summary><c>/healthz</c>: the process answers. <c>/readyz</c>: it can serve, with its database and the keys of the central site.</summary>
internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapDeferred("/healthz", [HttpMethods.Get], () => TypedResults.Ok(new { status = "up" })).AllowAnonymous().ExcludeFromDescription();
        routes.MapDeferred("/readyz", [HttpMethods.Get], ReadyAsync).AllowAnonymous().ExcludeFromDescription();
    }

    private static async Task<IResult> ReadyAsync(SessionPool sessions, ISigningKeySource keys, TimeProvider time, CancellationToken cancellationToken)
    {
        var database = await IsDatabaseUpAsync(sessions, cancellationToken);
        var hasKeys = keys.Find(time.GetUtcNow()) is not null;
        return TypedResults.Json(
            new { status = database && hasKeys ? "ready" : "not ready", database = database ? "up" : "down", keys = hasKeys ? "loaded" : "missing" },
            statusCode: database && hasKeys ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<bool> IsDatabaseUpAsync(SessionPool sessions, CancellationToken cancellationToken)
    {
        try
        {
            var session = await sessions.RentAsync(SessionUse.Read, cancellationToken);
            try
            {
                await (await session.QueryAsync("select 1", default)).DisposeAsync();
                return true;
            }
            finally
            {
                await sessions.ReturnAsync(session, SessionUse.Read);
            }
        }
        catch (Exception exception) when (exception is DatabaseUnavailableException or Data.DatabaseException)
        {
            return false;
        }
    }
}
