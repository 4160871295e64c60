using Microsoft.Extensions.Logging;

namespace Microservices.Security;

internal static partial class SecurityLog
{
    [LoggerMessage(3001, LogLevel.Information, "{Count} signing keys of the central site are loaded.")]
    public static partial void KeysLoaded(ILogger logger, int count);

    [LoggerMessage(3002, LogLevel.Warning, "The signing keys of the central site were not fetched; older ones in use: {HasKeys}. {Reason}")]
    public static partial void KeysNotLoaded(ILogger logger, bool hasKeys, string reason);

    [LoggerMessage(3003, LogLevel.Warning, "The discovery document was not taken over; the addresses known before stay in use. {Reason}")]
    public static partial void DiscoveryFailed(ILogger logger, string reason);

    [LoggerMessage(3004, LogLevel.Debug, "An access token was refused: {Failure}.")]
    public static partial void TokenRefused(ILogger logger, AccessTokenFailure failure);

    [LoggerMessage(3005, LogLevel.Error, "The central site did not tell whether a session or API key is active: {Reason}")]
    public static partial void IntrospectionFailed(ILogger logger, string reason);

    [LoggerMessage(3006, LogLevel.Warning, "The central site called a session or API key active, but its answer lacks a subject, tenant, future end or our issuer.")]
    public static partial void IntrospectionRefused(ILogger logger);

    [LoggerMessage(3007, LogLevel.Error, "This service got no access token from the central site: {Reason}")]
    public static partial void ServiceTokenFailed(ILogger logger, string reason);

    [LoggerMessage(3008, LogLevel.Warning, "Access tokens may be signed with {Algorithms} and be of type {Types}, more than the central site needs: right only for another provider in its place.")]
    public static partial void OtherTokensAccepted(ILogger logger, string algorithms, string types);
}
