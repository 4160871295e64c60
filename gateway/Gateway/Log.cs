namespace Gateway;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Learned service '{Service}' {Version} at {Address}: {DocTypes} DocTypes, {Methods} methods, {Routes} routes")]
    public static partial void Learned(this ILogger logger, string service, string version, string address, int docTypes, int methods, int routes);

    [LoggerMessage(2, LogLevel.Warning, "No manifest from {Address}: {Reason}. What was learned before stays; asking again")]
    public static partial void ManifestMissing(this ILogger logger, string address, string reason);

    [LoggerMessage(3, LogLevel.Information, "{Address} answers again")]
    public static partial void ManifestBack(this ILogger logger, string address);

    [LoggerMessage(4, LogLevel.Error, "{Kind} '{Claim}' is claimed by service '{Owner}' and by '{Other}'; '{Owner}' keeps it, being listed first. Rename one, or remove one service from Services")]
    public static partial void Conflict(this ILogger logger, string kind, string claim, string owner, string other);

    [LoggerMessage(5, LogLevel.Error, "Service '{Service}' announces the route '{Pattern}', which is not a route pattern: {Reason}. The route is left out")]
    public static partial void BadRoute(this ILogger logger, string service, string pattern, string reason);

    [LoggerMessage(6, LogLevel.Warning, "Service '{Service}' did not serve request {RequestId}: {Error}: {Reason}")]
    public static partial void ForwardFailed(this ILogger logger, string service, string requestId, string error, string? reason);

    [LoggerMessage(7, LogLevel.Debug, "Client of request {RequestId} to service '{Service}' went away")]
    public static partial void ClientGone(this ILogger logger, string service, string requestId);

    [LoggerMessage(8, LogLevel.Error, "Request {RequestId} failed inside the gateway")]
    public static partial void Unhandled(this ILogger logger, Exception exception, string requestId);
}
