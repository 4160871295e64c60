using System.Text.Json;
using Microservices.Data;
using Microservices.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace Microservices.Resources.V2;

/// <summary>The verb QUERY: a list whose parameters come as a body, because they are too long for an address. It reads, as GET does.</summary>
internal static class QueryMethod
{
    public const string Name = "QUERY";

    /// <summary>Makes the request the GET that it stands for.</summary>
    /// <exception cref="BadRequestException">The body is no JSON object.</exception>
    public static async Task BecomeGetAsync(HttpContext context)
    {
        using var body = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
        if (body.RootElement.ValueKind is not JsonValueKind.Object)
        {
            throw new BadRequestException("The body must be a JSON object");
        }

        context.Request.Query = new QueryCollection(body.RootElement.EnumerateObject().Where(parameter => parameter.Value.ValueKind is not JsonValueKind.Null)
            .ToDictionary(parameter => parameter.Name, parameter => new StringValues(parameter.Value.ValueKind is JsonValueKind.String ? parameter.Value.GetString() : parameter.Value.GetRawText())));
        context.Request.Method = HttpMethods.Get;
        context.RequestServices.GetRequiredService<UnitOfWork>().IsReadOnly = true;
    }
}
