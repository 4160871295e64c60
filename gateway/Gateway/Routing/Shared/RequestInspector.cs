using System.Text.Json;
using Gateway.Errors;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Gateway.Routing.Shared;

/// <summary>What is wrong with a body that had to be read.</summary>
internal sealed class InspectionException(GatewayError error) : Exception(error.Message)
{
    public GatewayError Error { get; } = error;
}

/// <summary>
/// Reads what a request says without using it up: the body is kept, in memory and then in a temporary file, and forwarded as it came. As at the services, a
/// JSON body that is not empty counts alone; otherwise the fields of a form count before the query.
/// </summary>
internal sealed class RequestInspector(IOptions<GatewayOptions> options)
{
    private const int MemoryBytes = 64 * 1024;
    private const int MaxFieldBytes = 64 * 1024;
    private const int MaxFields = 1000;

    /// <summary>What the request says.</summary>
    /// <param name="context">The request.</param>
    /// <param name="isEnough">Ends the reading of a multipart body early, so that what follows is streamed.</param>
    /// <exception cref="InspectionException">The body is too large or is not what its content type says.</exception>
    public async Task<RequestFacts> ReadAsync(HttpContext context, Func<RequestFacts, bool> isEnough)
    {
        var request = context.Request;
        var facts = new RequestFacts();
        _ = MediaTypeHeaderValue.TryParse(request.ContentType, out var type);
        var hasBody = request.ContentLength != 0 && context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != false;
        try
        {
            if (hasBody && (request.HasJsonContentType() || type is null) && await ReadJsonAsync(context, facts))
            {
                return facts;
            }

            foreach (var (key, values) in request.Query)
            {
                facts.Set(key, values.Count > 0 ? values[0] ?? "" : "");
            }

            if (hasBody && type?.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true)
            {
                await ReadFormAsync(context, facts);
            }
            else if (hasBody && type?.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true)
            {
                await ReadMultipartAsync(context, type, facts, isEnough);
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException or InvalidOperationException)
        {
            throw new InspectionException(GatewayError.BadForm);
        }
        catch (BadHttpRequestException exception)
        {
            throw new InspectionException(exception.StatusCode == StatusCodes.Status413PayloadTooLarge ? GatewayError.TooLarge(options.Value.MaxRequestBodyBytes) : GatewayError.BadBody);
        }

        return facts;
    }

    /// <summary>False when the body turns out to be empty.</summary>
    private async Task<bool> ReadJsonAsync(HttpContext context, RequestFacts facts)
    {
        using var body = await ReadAllAsync(context);
        if (body.Length == 0)
        {
            return false;
        }

        using var json = await JsonDocument.ParseAsync(body, default, context.RequestAborted);
        facts.Set(json.RootElement);
        return true;
    }

    private async Task ReadFormAsync(HttpContext context, RequestFacts facts)
    {
        using var body = await ReadAllAsync(context);
        using var reader = new FormReader(body) { ValueLengthLimit = options.Value.MaxInspectedBodyBytes, ValueCountLimit = MaxFields };
        var fields = await reader.ReadFormAsync(context.RequestAborted);
        foreach (var (key, values) in fields)
        {
            facts.Set(key, values.Count > 0 ? values[0] ?? "" : "");
        }
    }

    private async Task<MemoryStream> ReadAllAsync(HttpContext context)
    {
        var limit = options.Value.MaxInspectedBodyBytes;
        if (context.Request.ContentLength > limit)
        {
            throw new InspectionException(GatewayError.TooLargeToInspect(limit));
        }

        context.Request.EnableBuffering(MemoryBytes);
        var copy = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await context.Request.Body.ReadAsync(chunk, context.RequestAborted)) > 0)
        {
            if (copy.Length + read > limit)
            {
                throw new InspectionException(GatewayError.TooLargeToInspect(limit));
            }

            copy.Write(chunk, 0, read);
        }

        context.Request.Body.Position = 0;
        copy.Position = 0;
        return copy;
    }

    private async Task ReadMultipartAsync(HttpContext context, MediaTypeHeaderValue type, RequestFacts facts, Func<RequestFacts, bool> isEnough)
    {
        var limit = options.Value.MaxInspectedUploadBytes;
        if (context.Request.ContentLength > limit)
        {
            throw new InspectionException(GatewayError.TooLargeToInspect(limit));
        }

        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).ToString();
        if (boundary.Length is 0 or > 200)
        {
            throw new InspectionException(GatewayError.BadForm);
        }

        context.Request.EnableBuffering(MemoryBytes, limit);
        var reader = new MultipartReader(boundary, context.Request.Body);
        try
        {
            while (!isEnough(facts) && await reader.ReadNextSectionAsync(context.RequestAborted) is { } section)
            {
                if (section.GetContentDispositionHeader() is { } header && header.IsFormDisposition() && await ReadFieldAsync(section, context.RequestAborted) is { } value)
                {
                    facts.Set(HeaderUtilities.RemoveQuotes(header.Name).ToString(), value);
                }
            }
        }
        catch (IOException exception) when (exception is not BadHttpRequestException)
        {
            throw new InspectionException(context.Request.Body.CanSeek && context.Request.Body.Position >= limit - MemoryBytes ? GatewayError.TooLargeToInspect(limit) : GatewayError.BadBody);
        }

        context.Request.Body.Position = 0;
    }

    // A longer field is nothing that names a service.
    private static async Task<string?> ReadFieldAsync(MultipartSection section, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxFieldBytes];
        var length = await section.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return length < buffer.Length ? System.Text.Encoding.UTF8.GetString(buffer, 0, length) : null;
    }
}
