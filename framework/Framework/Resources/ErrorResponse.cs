using System.Text.Json;
using Microservices.Errors;
using Microservices.Languages;
using Microsoft.AspNetCore.Http;

namespace Microservices.Resources;

/// <summary>The one shape of errors: Frappe's keys for Frappe's clients, plain ones for everybody, and the id of the request.</summary>
internal static class ErrorResponse
{
    public static async Task WriteAsync(HttpContext context, FrameworkException error, string requestId)
    {
        var response = context.Response;
        response.StatusCode = error.StatusCode;
        response.ContentType = JsonResponse.ContentType;
        response.Headers.CacheControl = "no-store";
        if (error.RetryAfter is { } retryAfter)
        {
            response.Headers.RetryAfter = ((long)Math.Ceiling(retryAfter.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        var translator = Translator.Of(context);
        translator.Mark(response, translator.Has(error.Text));
        var message = translator.Say(error.Text);
        var messages = UserMessages.Of(context);
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        await using var writer = new Utf8JsonWriter(response.BodyWriter, FrappeJson.WriterOptions);
        if (context.Request.Path.StartsWithSegments("/api/v2", StringComparison.OrdinalIgnoreCase))
        {
            WriteV2(writer, error, message, messages, requestId);
        }
        else
        {
            WriteV1(writer, error, message, messages, translator.Say("Message"), requestId);
        }

        await writer.FlushAsync(context.RequestAborted);
    }

    private static void WriteV1(Utf8JsonWriter writer, FrameworkException error, string message, IReadOnlyList<Dictionary<string, object>> messages, string title, string requestId)
    {
        var line = $"{error.Type}: {message}";
        writer.WriteStartObject();
        writer.WriteString("exc_type", error.Type);
        writer.WriteString("exception", line);
        writer.WriteString("exc", JsonSerializer.Serialize<string[]>([line]));
        UserMessages.WriteV1(writer, messages.Append(new() { ["message"] = message, ["title"] = title, ["indicator"] = "red", ["raise_exception"] = 1 }));
        writer.WriteString("status", "error");
        writer.WriteString("message", message);
        writer.WriteString("type", error.Type);
        writer.WriteNumber("code", error.StatusCode);
        writer.WriteString("request_id", requestId);
        if (error is AuthenticationException { SessionExpired: true })
        {
            writer.WriteNumber("session_expired", 1);
        }

        writer.WriteEndObject();
    }

    private static void WriteV2(Utf8JsonWriter writer, FrameworkException error, string message, IReadOnlyList<Dictionary<string, object>> messages, string requestId)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("errors");
        writer.WriteStartObject();
        writer.WriteString("type", error.Type);
        writer.WriteString("message", message);
        writer.WriteString("indicator", "red");
        writer.WriteEndObject();
        writer.WriteEndArray();
        UserMessages.WriteV2(writer, messages);
        writer.WriteString("request_id", requestId);
        writer.WriteEndObject();
    }
}
