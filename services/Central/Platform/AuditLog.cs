namespace Central.Platform;

/// <summary>What one audit event is about. Never a password, token, code, secret or <c>sid</c>.</summary>
/// <param name="UserId">The user's id.</param>
/// <param name="Tenant">The tenant.</param>
/// <param name="ClientId">The client.</param>
/// <param name="Reference">A <c>jti</c>, the hash of a <c>sid</c>, the public id of an API key, or a reason.</param>
internal readonly record struct AuditSubject(string? UserId = null, string? Tenant = null, string? ClientId = null, string? Reference = null);

/// <summary>The stream of events that tells who did what: structured log events of the category <c>Central.Platform.AuditLog</c>.</summary>
internal sealed partial class AuditLog(ILogger<AuditLog> logger, ClientAddress addresses)
{
    private const int MaxUserAgent = 200;

    /// <summary>Something went as asked.</summary>
    public void Done(HttpContext context, string happening, AuditSubject subject) => Write(context, happening, "ok", subject);

    /// <summary>Something was refused.</summary>
    public void Refused(HttpContext context, string happening, AuditSubject subject) => Write(context, happening, "refused", subject);

    /// <summary>A signing key was made.</summary>
    public void KeyMade(string kid, DateTimeOffset signsFrom) => LogKeyMade(logger, kid, signsFrom);

    private void Write(HttpContext context, string happening, string outcome, AuditSubject subject) => LogEvent(
        logger, happening, outcome, subject.UserId, subject.Tenant, Printable(subject.ClientId), Printable(subject.Reference),
        addresses.Of(context).ToString(), Printable(context.Request.Headers.UserAgent.ToString()), context.TraceIdentifier);

    // What a client chose must not break a line of a log that is read as text.
    private static string? Printable(string? text) =>
        text is null ? null : string.Concat(text.Take(MaxUserAgent).Select(c => char.IsControl(c) ? '?' : c));

    [LoggerMessage(5001, LogLevel.Information, "Audit: {Event} {Outcome}, user {UserId}, tenant {Tenant}, client {ClientId}, reference {Reference}, address {Address}, agent {UserAgent}, request {RequestId}")]
    private static partial void LogEvent(
        ILogger logger, string @event, string outcome, string? userId, string? tenant, string? clientId, string? reference, string address, string? userAgent, string requestId);

    [LoggerMessage(5002, LogLevel.Information, "Audit: signing key {KeyId} made, signs from {SignsFrom}")]
    private static partial void LogKeyMade(ILogger logger, string keyId, DateTimeOffset signsFrom);
}
