using System.Text.Json;

namespace Central.Requests;

/// <summary>An error in the shape of every error, for answers that the framework's exceptions do not cover.</summary>
internal static class FrappeError
{
    /// <summary>The answer, the same to the byte each time: the request's id stands in its header alone.</summary>
    /// <param name="status">HTTP status.</param>
    /// <param name="type">Frappe's name of the error.</param>
    /// <param name="message">What the caller should know.</param>
    /// <param name="isSessionExpired">Whether a <c>sid</c> came that is no session any more.</param>
    public static IResult Answer(int status, string type, string message, bool isSessionExpired = false)
    {
        var line = $"{type}: {message}";
        var body = new Dictionary<string, object>
        {
            ["message"] = message,
            ["exc_type"] = type,
            ["exception"] = line,
            ["exc"] = JsonSerializer.Serialize<string[]>([line]),
            ["_server_messages"] = JsonSerializer.Serialize<string[]>([JsonSerializer.Serialize(new { message, title = "Message", indicator = "red", raise_exception = 1 })]),
            ["status"] = "error",
            ["type"] = type,
            ["code"] = status,
        };
        if (isSessionExpired)
        {
            body["session_expired"] = 1;
        }

        return TypedResults.Json(body, statusCode: status);
    }
}
