namespace Microservices.Hosting;

/// <summary>The service cannot start as it is configured. The message is for the operator: what is wrong and what to do.</summary>
public sealed class StartupException(string message, Exception? innerException = null) : Exception(message, innerException);
