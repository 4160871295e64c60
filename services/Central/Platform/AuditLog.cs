using System.Threading.RateLimiting;

namespace Central.Platform;

/// <summary>What one audit event is about. Never a password, token, code, secret or <c>sid</c>.</summary>
/// <param name="UserId">The user's id.</param>
/// <param name="Tenant">The tenant.</param>
/// <param name="ClientId">The client.</param>
/// <param name="Reference">A <c>jti</c>, the hash of a <c>sid</c>, the public id of an API key, or a reason.</param>
internal readonly record struct AuditSubject(string? UserId = null, string? Tenant = null, string? ClientId = null, string? Reference = null);

/// <summary>
/// Writes the stream of events that tells who did what: as rows (<see cref="AuditEvent"/>), and as structured log events of the category
/// <c>Central.Platform.AuditLog</c>. An event is written before its request is answered: what cannot be written is answered as an error, so
/// that nothing is told done of which there is no trace. Only of refusals of nobody in particular the rows are limited, for each address: else
/// anybody could fill the table, which keeps them for a year. They are logged still.
/// </summary>
internal sealed partial class AuditLog(PlatformDatabase platform, ClientAddress addresses, TimeProvider time, ILogger<AuditLog> logger) : IDisposable
{
    /// <summary>Characters that are kept of a browser's name for itself.</summary>
    public const int MaxUserAgent = 200;

    private const string CommandLine = "command line";
    private const int StrangersRowsPerMinute = 100;

    private readonly PartitionedRateLimiter<string> _strangers = PartitionedRateLimiter.Create<string, string>(address => RateLimitPartition.GetFixedWindowLimiter(
        address, _ => new() { PermitLimit = StrangersRowsPerMinute, Window = TimeSpan.FromMinutes(1) }));

    /// <summary>Something went as asked.</summary>
    public Task DoneAsync(HttpContext context, string happening, AuditSubject subject) => WriteAsync(Describe(context, happening, AuditEvent.Ok, subject));

    /// <summary>Something was refused.</summary>
    public async Task RefusedAsync(HttpContext context, string happening, AuditSubject subject)
    {
        var written = Describe(context, happening, AuditEvent.Refused, subject);
        if (subject.UserId is null && !IsWithinLimit(context))
        {
            Log(written);
            return;
        }

        await WriteAsync(written);
    }

    /// <summary>Something went as asked, and is kept if the open transaction of the platform is.</summary>
    public Task DoneAsync(TenantDb db, HttpContext context, string happening, AuditSubject subject) => WriteAsync(db, Describe(context, happening, AuditEvent.Ok, subject));

    /// <summary>The site itself did something.</summary>
    public Task DoneAsync(string happening, AuditSubject subject) => WriteAsync(Describe(happening, AuditEvent.Ok, subject));

    /// <summary>An operator did something with a command.</summary>
    public Task DoneByCommandAsync(string happening, AuditSubject subject)
    {
        var written = Describe(happening, AuditEvent.Ok, subject);
        written.UserAgent = CommandLine;
        return WriteAsync(written);
    }

    private AuditEvent Describe(HttpContext context, string happening, string outcome, AuditSubject subject)
    {
        var written = Describe(happening, outcome, subject);
        written.Address = addresses.Of(context).ToString();
        written.UserAgent = Printable(context.Request.Headers.UserAgent.ToString(), MaxUserAgent);
        written.RequestId = Printable(context.TraceIdentifier, StandardFields.NameLength);
        return written;
    }

    private AuditEvent Describe(string happening, string outcome, AuditSubject subject)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return new()
        {
            Name = AuditEvent.NewName(now),
            Time = now,
            Event = happening,
            Outcome = outcome,
            UserId = subject.UserId ?? "",
            Tenant = subject.Tenant ?? "",
            Client = Printable(subject.ClientId, StandardFields.NameLength),
            Reference = Printable(subject.Reference, StandardFields.NameLength),
        };
    }

    private Task<AuditEvent> WriteAsync(AuditEvent written) => platform.RunAsync(db => WriteAsync(db, written));

    private Task<AuditEvent> WriteAsync(TenantDb db, AuditEvent written)
    {
        Log(written);

        // Who hangs up does not undo what he did.
        return db.InsertAsync(written, ignorePermissions: true, CancellationToken.None);
    }

    /// <inheritdoc/>
    public void Dispose() => _strangers.Dispose();

    private bool IsWithinLimit(HttpContext context)
    {
        using var permit = _strangers.AttemptAcquire(addresses.LimitKey(context));
        return permit.IsAcquired;
    }

    private void Log(AuditEvent written) => LogEvent(
        logger, written.Event, written.Outcome, written.UserId, written.Tenant, written.Client, written.Reference, written.Address, written.UserAgent, written.RequestId);

    // What a client chose must not break a line of a log that is read as text.
    private static string Printable(string? text, int length) =>
        text is null ? "" : string.Concat(text.Take(length).Select(c => char.IsControl(c) ? '?' : c));

    [LoggerMessage(5001, LogLevel.Information, "Audit: {Event} {Outcome}, user {UserId}, tenant {Tenant}, client {ClientId}, reference {Reference}, address {Address}, agent {UserAgent}, request {RequestId}")]
    private static partial void LogEvent(
        ILogger logger, string @event, string outcome, string userId, string tenant, string clientId, string reference, string address, string userAgent, string requestId);
}
