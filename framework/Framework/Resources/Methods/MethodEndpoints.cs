using System.Text.Json;
using Microservices.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Resources.Methods;

/// <summary>Answers methods: checks verb and role, binds the arguments, runs the code in one transaction and wraps its result.</summary>
internal static class MethodEndpoints
{
    private static readonly RoutePattern s_pattern = RoutePatternFactory.Parse("/api/method/{**name}");

    /// <summary>The endpoint of a method, which routing has not seen.</summary>
    public static RouteEndpoint Of(Method method) => new(
        context => AnswerAsync(context, method),
        s_pattern,
        order: 0,
        new EndpointMetadataCollection([.. method.AllowsGuests ? (object[])[AllowGuests.Instance] : [], .. method.Deprecation is { } deprecation ? (object[])[deprecation] : []]),
        method.Name);

    private static async Task AnswerAsync(HttpContext context, Method method)
    {
        method.RequireVerb(context.Request.Method);
        method.RequireRole(context.Features.Get<CurrentUserFeature>()?.User);
        var parameters = await RequestParameters.OfAsync(context);
        await RunAsync(context, () => method.Handler.InvokeAsync(null, new MethodCall(context, parameters.All, parameters.Files)));
    }

    /// <summary>Runs code that answers as a method does.</summary>
    /// <param name="context">The request.</param>
    /// <param name="code">Gives the result.</param>
    /// <param name="key">The key of the result. Null: that of the API's version.</param>
    public static async Task RunAsync(HttpContext context, Func<ValueTask<object?>> code, JsonEncodedText? key = null)
    {
        using var response = new JsonResponse(context, StatusCodes.Status200OK);
        var result = await HandlerTransactions.RunAsync(context, async () =>
        {
            var value = await code();
            if (value is IResult whole and not EmptyHttpResult)
            {
                return whole;
            }

            if (!context.Response.HasStarted)
            {
                Write(context, response, value is EmptyHttpResult ? null : value, key ?? ApiVersion.ResultKey(context));
            }

            return null;
        });
        if (result is IResult answer)
        {
            await answer.ExecuteAsync(context);
        }
        else if (!context.Response.HasStarted)
        {
            await response.CompleteAsync();
        }
    }

    private static void Write(HttpContext context, JsonResponse response, object? value, JsonEncodedText key)
    {
        var services = context.RequestServices;
        var extras = services.GetRequiredService<MethodResponse>();
        var user = context.Features.Get<CurrentUserFeature>()?.User;
        response.Status = context.Response.StatusCode = extras.StatusCode;
        var writer = response.Writer;
        writer.WriteStartObject();
        if (value is not null)
        {
            writer.WritePropertyName(key);
            MethodJson.Write(writer, value, user);
        }

        foreach (var (name, extra) in extras.Keys)
        {
            writer.WritePropertyName(name);
            MethodJson.Write(writer, extra, user);
        }

        UserMessages.Append(context, writer);
        writer.WriteEndObject();
    }
}
