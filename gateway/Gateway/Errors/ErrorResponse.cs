using System.Buffers;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Gateway.Forwarding;
using Microservices.Telemetry;

namespace Gateway.Errors;

/// <summary>Writes an error in the one shape of all services: Frappe's members for its clients, and plain ones beside them.</summary>
internal static class ErrorResponse
{
    private const int LongestRetrySeconds = 5;

    /// <summary>Replaces whatever was prepared as the answer. The answer must not have begun.</summary>
    public static Task WriteAsync(HttpContext context, GatewayError error)
    {
        var response = context.Response;
        var requestId = context.TraceIdentifier;
        response.Clear();
        CrossOriginMiddleware.SetForwarded(context, isForwarded: false);
        response.StatusCode = error.Status;
        response.ContentType = "application/json";
        response.Headers[RequestId.Header] = requestId;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        if (error.MayRetry)
        {
            // Spread out, so that clients that were refused together do not return together.
            response.Headers.RetryAfter = RandomNumberGenerator.GetInt32(1, LongestRetrySeconds + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        var body = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(body))
        {
            if (IsV2(context.Request.Path))
            {
                WriteV2(json, error, requestId);
            }
            else
            {
                WriteV1(json, error, requestId);
            }
        }

        response.ContentLength = body.WrittenCount;
        return response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted).AsTask();
    }

    private static bool IsV2(PathString path) =>
        path.StartsWithSegments("/api/v2", StringComparison.OrdinalIgnoreCase);

    private static void WriteV1(Utf8JsonWriter json, GatewayError error, string requestId)
    {
        var line = $"{error.Type}: {error.Message}";
        json.WriteStartObject();
        json.WriteString("exc_type", error.Type);
        json.WriteString("exception", line);
        json.WriteString("exc", JsonText(inner => inner.WriteStringValue(line)));
        json.WriteString("_server_messages", JsonText(inner => inner.WriteStringValue(ServerMessage(error))));
        json.WriteString("status", "error");
        json.WriteString("message", error.Message);
        json.WriteString("type", error.Type);
        json.WriteNumber("code", error.Status);
        json.WriteString("request_id", requestId);
        json.WriteEndObject();
    }

    private static void WriteV2(Utf8JsonWriter json, GatewayError error, string requestId)
    {
        json.WriteStartObject();
        json.WriteStartArray("errors");
        json.WriteStartObject();
        json.WriteString("type", error.Type);
        json.WriteString("message", error.Message);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteString("request_id", requestId);
        json.WriteEndObject();
    }

    /// <summary>The text of a JSON array: these members hold JSON inside a JSON string.</summary>
    private static string JsonText(Action<Utf8JsonWriter> writeItems) => Text(json =>
    {
        json.WriteStartArray();
        writeItems(json);
        json.WriteEndArray();
    });

    // Frappe's desk shows this message as HTML, and the client chose parts of it.
    private static string ServerMessage(GatewayError error) => Text(json =>
    {
        json.WriteStartObject();
        json.WriteString("message", WebUtility.HtmlEncode(error.Message));
        json.WriteString("title", "Message");
        json.WriteString("indicator", "red");
        json.WriteNumber("raise_exception", 1);
        json.WriteEndObject();
    });

    private static string Text(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            write(json);
        }

        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
