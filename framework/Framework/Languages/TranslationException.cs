namespace Microservices.Languages;

/// <summary>A file of translations cannot be used; the service does not start with it. The message names the file.</summary>
public sealed class TranslationException(string message, Exception? innerException = null) : Exception(message, innerException);
