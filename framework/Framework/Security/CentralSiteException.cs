namespace Microservices.Security;

/// <summary>The central site did not answer, or not with what was asked for. Holds no credential: its message is logged.</summary>
internal sealed class CentralSiteException(string message, Exception? innerException = null) : Exception(message, innerException);
