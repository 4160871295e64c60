using Microservices.Errors;

namespace Microservices.Files;

/// <summary>417: the file is larger than the service takes.</summary>
public sealed class MaxFileSizeReachedException(Message message) : ValidationException("MaxFileSizeReachedError", message);

/// <summary>417: files of this kind are not taken.</summary>
public sealed class FileTypeNotAllowedException(Message message) : ValidationException("FileTypeNotAllowed", message);

/// <summary>417: the document has as many files as it may have.</summary>
public sealed class AttachmentLimitReachedException(Message message) : ValidationException("AttachmentLimitReached", message);
