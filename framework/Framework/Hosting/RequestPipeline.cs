using Microservices.Data;
using Microservices.Data.Dialects;
using Microservices.Data.Permissions;
using Microservices.Errors;
using Microservices.Resources;
using Microservices.Security;
using Microservices.Telemetry;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microservices.Hosting;

/// <summary>
/// What every request goes through: its id, the one shape of errors, and, unless its endpoint is explicitly open, authentication and
/// the tenant before any handler runs.
/// </summary>
internal sealed partial class RequestPipeline(CredentialAuthenticator authenticator, UserRulesCache rules, ILogger<RequestPipeline> logger)
{
    /// <summary>Wraps the whole pipeline.</summary>
    public async Task HandleErrorsAsync(HttpContext context, RequestDelegate next)
    {
        var requestId = RequestId.Of(context);
        context.TraceIdentifier = requestId;
        context.Response.Headers[RequestId.Header] = requestId;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        try
        {
            await next(context);
            RefuseInWords(context.Response);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Abort(); // the client has gone; there is nobody to tell
        }
#pragma warning disable CA1031 // The one place where every failure becomes an answer.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            await AnswerAsync(context, exception, requestId);
        }
    }

    /// <summary>Refuses whoever is not known, before the endpoint runs.</summary>
    public async Task AuthenticateAsync(HttpContext context, RequestDelegate next)
    {
        var endpoint = context.GetEndpoint();
        if (endpoint is null)
        {
            throw new DoesNotExistException($"There is nothing at {context.Request.Path}");
        }

        if (endpoint is not RouteEndpoint)
        {
            // Routing's own refusal: of a method, whose answer names the methods to allow, or of the type of a body.
            await endpoint.RequestDelegate!(context);
            throw context.Response.StatusCode == StatusCodes.Status415UnsupportedMediaType
                ? UnreadBody()
                : new MethodNotAllowedException($"{context.Request.Path} does not take {context.Request.Method}");
        }

        if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null)
        {
            var user = await authenticator.AuthenticateAsync(context);
            if (user is not null)
            {
                await SignInAsync(context, user);
            }
            else if (endpoint.Metadata.GetMetadata<AllowGuests>() is null)
            {
                throw AuthenticationErrors.Missing();
            }
        }

        DeprecationNotice.OfEndpoint(context, endpoint);
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
        {
            context.RequestServices.GetRequiredService<UnitOfWork>().IsReadOnly = true;
        }

        await next(context);
    }

    private async ValueTask SignInAsync(HttpContext context, CurrentUser user)
    {
        await rules.ApplyAsync(context.RequestServices.GetRequiredService<UnitOfWork>(), user, context.RequestAborted);
        context.Features.Set(new CurrentUserFeature(user));
        context.User = user.Principal;
        var scope = context.RequestServices.GetRequiredService<RequestScope>();
        scope.User = user;
        scope.Request = context.Request;
    }

    /// <summary>Gives a refusal that has a status and nothing more, such as ASP.NET Core's own of a body that is too large, the shape of all errors.</summary>
    private static void RefuseInWords(HttpResponse response)
    {
        if (response.HasStarted || response.ContentType is not null || response.ContentLength > 0)
        {
            return;
        }

        FrameworkException? refusal = response.StatusCode switch
        {
            StatusCodes.Status400BadRequest => new BadRequestException("The request is malformed"),
            StatusCodes.Status403Forbidden => new PermissionException("You are not allowed to do this"),
            StatusCodes.Status404NotFound => new DoesNotExistException($"There is nothing at {response.HttpContext.Request.Path}"),
            StatusCodes.Status413PayloadTooLarge => new PayloadTooLargeException("The body is too large"),
            StatusCodes.Status415UnsupportedMediaType => UnreadBody(),
            _ => null,
        };
        if (refusal is not null)
        {
            throw refusal;
        }
    }

    private async Task AnswerAsync(HttpContext context, Exception exception, string requestId)
    {
        var error = Translate(exception);
        if (error.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            LogFailure(logger, exception, context.Request.Method, context.Request.Path, requestId);
        }
        else
        {
            LogRefusal(logger, error.StatusCode, error.Type, context.Request.Method, context.Request.Path, requestId);
        }

        if (context.Response.HasStarted)
        {
            context.Abort(); // half an answer must not look like a whole one
            return;
        }

        var allow = context.Response.Headers.Allow;
        context.Response.Clear();
        context.Response.Headers[RequestId.Header] = requestId;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.Allow = allow;
        if (HttpProtocol.IsHttp11(context.Request.Protocol) && IsBodyTooLarge(context, error))
        {
            // The rest of the body is not read: the connection ends with this answer, and the client must know before it sends the next request.
            context.Response.Headers.Connection = "close";
        }

        if (error is AuthenticationException refused)
        {
            context.Response.Headers.WWWAuthenticate = BearerChallenge.For(refused);
        }

        await ErrorResponse.WriteAsync(context, error, requestId);
    }

    /// <summary>What the caller is told of a failure.</summary>
    internal static FrameworkException Translate(Exception exception) => exception switch
    {
        FrameworkException known => known,
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => new PayloadTooLargeException("The body is too large"),
        BadHttpRequestException { StatusCode: StatusCodes.Status415UnsupportedMediaType } => UnreadBody(),
        BadHttpRequestException bad => ParameterErrors.Of(bad),
        DatabaseException { Fault.Kind: FaultKind.Busy } busy => new DatabaseUnavailableException("The database is busy; send the request again.", busy),
        DatabaseException { Fault.Kind: FaultKind.Unavailable } gone => new DatabaseUnavailableException("The database cannot be reached.", gone),
        _ => new InternalErrorException(),
    };

    private static bool IsBodyTooLarge(HttpContext context, FrameworkException error) =>
        error is PayloadTooLargeException || context.Request.ContentLength > context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize;

    private static UnsupportedMediaTypeException UnreadBody() => new("The body is in a form that this endpoint does not read");

    [LoggerMessage(EventId = 1201, Level = LogLevel.Error, Message = "{Method} {Path} failed, request {RequestId}")]
    private static partial void LogFailure(ILogger logger, Exception exception, string method, string path, string requestId);

    [LoggerMessage(EventId = 1202, Level = LogLevel.Debug, Message = "{Status} {Type}: {Method} {Path}, request {RequestId}")]
    private static partial void LogRefusal(ILogger logger, int status, string type, string method, string path, string requestId);
}
