using System.Text.Json;
using Microservices.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Microservices.Resources.Methods;

/// <summary>One parameter as it came: text of a query or a form, or a JSON value.</summary>
internal readonly record struct ParameterValue(string? Text, JsonElement Json)
{
    /// <summary>Whether it says nothing: JSON null.</summary>
    public bool IsNull => Text is null && Json.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;
}

/// <summary>
/// The parameters of a request, read once. A JSON body that is not empty counts alone; otherwise the fields of a form count before the query.
/// What would speak to the framework in place of the method is taken out.
/// </summary>
internal sealed class RequestParameters
{
    // "_" keeps caches away; "sid" and "csrf_token" are no credentials here; the last two would lift checks in Frappe's own code.
    private static readonly string[] s_dropped = ["_", "cmd", "sid", "csrf_token", "ignore_permissions", "flags"];

    private readonly Dictionary<string, ParameterValue> _values = new(StringComparer.Ordinal);

    private RequestParameters()
    {
    }

    /// <summary>The names and values.</summary>
    public IReadOnlyDictionary<string, ParameterValue> All => _values;

    /// <summary>What <c>cmd</c> says, or empty.</summary>
    public string Command { get; private set; } = "";

    /// <summary>Files of a multipart form.</summary>
    public IFormFileCollection Files { get; private set; } = FormCollection.Empty.Files;

    /// <summary>The parameters of a request.</summary>
    /// <exception cref="BadRequestException">The body is not what its content type says.</exception>
    public static async ValueTask<RequestParameters> OfAsync(HttpContext context)
    {
        if (context.Features.Get<RequestParameters>() is { } known)
        {
            return known;
        }

        var parameters = new RequestParameters();
        await parameters.ReadAsync(context);
        context.Features.Set(parameters);
        return parameters;
    }

    private async ValueTask ReadAsync(HttpContext context)
    {
        var request = context.Request;
        if (await HasJsonAsync(request, context.RequestAborted))
        {
            var body = await RequestBody.ReadJsonAsync(request, context.RequestAborted);
            context.Response.RegisterForDispose(body);
            Read(body.RootElement);
        }
        else
        {
            foreach (var (key, value) in request.Query)
            {
                _values[key] = new(value.Count > 0 ? value[0] ?? "" : "", default);
            }

            if (request.HasFormContentType)
            {
                var form = await RequestBody.ReadFormAsync(request, context.RequestAborted);
                Files = form.Files;
                foreach (var (key, value) in form)
                {
                    _values[key] = new(value.Count > 0 ? value[0] ?? "" : "", default);
                }
            }
        }

        Command = !_values.TryGetValue("cmd", out var command) ? "" : command.Text ?? (command.Json.ValueKind is JsonValueKind.String ? command.Json.GetString()! : "");
        foreach (var name in s_dropped)
        {
            _values.Remove(name);
        }
    }

    private void Read(JsonElement body)
    {
        switch (body.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in body.EnumerateObject())
                {
                    _values[property.Name] = new(null, property.Value);
                }

                break;
            case JsonValueKind.Array:
                _values["data"] = new(null, body);
                break;
            default:
                throw new BadRequestException("The body must be a JSON object");
        }
    }

    private static async ValueTask<bool> HasJsonAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!(request.HasJsonContentType() || string.IsNullOrEmpty(request.ContentType)) || request.ContentLength == 0
            || request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == false)
        {
            return false;
        }

        if (request.Body.CanSeek)
        {
            var first = await request.Body.ReadAsync(new byte[1], cancellationToken);
            request.Body.Position = 0;
            return first > 0;
        }

        // Nothing is taken: whether a body without a length is empty shows only when it is looked into.
        var start = await request.BodyReader.ReadAsync(cancellationToken);
        var isEmpty = start.IsCompleted && start.Buffer.IsEmpty;
        request.BodyReader.AdvanceTo(start.Buffer.Start);
        return !isEmpty;
    }
}
