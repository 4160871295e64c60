namespace Microservices.Errors;

/// <summary>
/// A request that cannot be served, and what to tell its caller: the HTTP status, Frappe's name for the error and a text that
/// says what to change. The message reaches the client, so it holds no secret and no value of another tenant.
/// </summary>
public abstract class FrameworkException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="statusCode">HTTP status of the answer.</param>
    /// <param name="type">Frappe's exception name, sent as <c>exc_type</c> and <c>type</c>.</param>
    /// <param name="message">What the caller should know and change; answered in the language of the request.</param>
    /// <param name="innerException">The cause, for the log only.</param>
    protected FrameworkException(int statusCode, string type, Message message, Exception? innerException = null)
        : base(message.ToString(), innerException)
    {
        StatusCode = statusCode;
        Type = type;
        Text = message;
    }

    /// <summary>HTTP status of the answer.</summary>
    public int StatusCode { get; }

    /// <summary>Frappe's name for the error, such as <c>ValidationError</c>.</summary>
    public string Type { get; }

    /// <summary>What the caller is told, in any language; <see cref="Exception.Message"/> is the English of it.</summary>
    public Message Text { get; }

    /// <summary>When the caller may try again; sent as <c>Retry-After</c> in whole seconds. Null leaves the header out.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
