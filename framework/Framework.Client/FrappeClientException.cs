using System.Text.Json;

namespace Microservices.Client;

/// <summary>A service answered with an error.</summary>
public sealed class FrappeClientException : Exception
{
    private FrappeClientException(int statusCode, string type, string message, string? requestId)
        : base(message) => (StatusCode, Type, RequestId) = (statusCode, type, requestId);

    /// <summary>HTTP status.</summary>
    public int StatusCode { get; }

    /// <summary>Frappe's name of the error, such as <c>ValidationError</c>; empty when the answer had none.</summary>
    public string Type { get; }

    /// <summary>The id to ask support about; null when the answer had none.</summary>
    public string? RequestId { get; }

    internal static FrappeClientException Of(int statusCode, JsonElement? body) =>
        new(statusCode, Text(body, "exc_type") ?? "", Text(body, "message") ?? $"The service answered {statusCode}.", Text(body, "request_id"));

    private static string? Text(JsonElement? body, string name) =>
        body is { } element && element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
