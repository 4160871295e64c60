namespace Microservices.Errors;

/// <summary>417: a rule of the document or of the request is not met.</summary>
public class ValidationException : FrameworkException
{
    /// <summary>Creates the error with type <c>ValidationError</c>.</summary>
    public ValidationException(Message message) : this("ValidationError", message) { }

    /// <summary>Creates the error with a more specific Frappe type.</summary>
    protected ValidationException(string type, Message message) : base(417, type, message) { }
}

/// <summary>417: required fields are empty.</summary>
public sealed class MandatoryException(Message message) : ValidationException("MandatoryError", message);

/// <summary>417: a Link points to a document that is not there.</summary>
public sealed class LinkValidationException(Message message) : ValidationException("LinkValidationError", message);

/// <summary>417: the document cannot go, because another one links to it.</summary>
public sealed class LinkExistsException(Message message) : ValidationException("LinkExistsError", message);

/// <summary>417: the document was changed since the caller read it.</summary>
public sealed class TimestampMismatchException(Message message) : ValidationException("TimestampMismatchError", message);

/// <summary>417: a value that never changes was sent with another value.</summary>
public sealed class CannotChangeConstantException(Message message) : ValidationException("CannotChangeConstantError", message);

/// <summary>417: the text does not fit its column.</summary>
public sealed class CharacterLengthExceededException(Message message) : ValidationException("CharacterLengthExceededError", message);

/// <summary>417: the value stands in another document of this tenant already.</summary>
public sealed class UniqueValidationException(Message message) : ValidationException("UniqueValidationError", message);

/// <summary>417: a document has no such part.</summary>
public sealed class UnknownPartException(Message message) : ValidationException("UnknownPartError", message);

/// <summary>417: the number may not be below zero.</summary>
public sealed class NonNegativeException(Message message) : ValidationException("NonNegativeError", message);

/// <summary>417: this step between draft, submitted and cancelled does not exist.</summary>
public sealed class DocstatusTransitionException(Message message) : ValidationException("DocstatusTransitionError", message);

/// <summary>417: the document is submitted, and the field may not change any more.</summary>
public sealed class UpdateAfterSubmitException(Message message) : ValidationException("UpdateAfterSubmitError", message);

/// <summary>417: a document that can be submitted links to one that is cancelled.</summary>
public sealed class CancelledLinkException(Message message) : ValidationException("CancelledLinkError", message);

/// <summary>417: the text of a field for e-mail addresses is none.</summary>
public sealed class InvalidEmailAddressException(Message message) : ValidationException("InvalidEmailAddressError", message);

/// <summary>417: the text of a field for names of people is none.</summary>
public sealed class InvalidNameException(Message message) : ValidationException("InvalidNameError", message);

/// <summary>417: the text of a field for phone numbers is none.</summary>
public sealed class InvalidPhoneNumberException(Message message) : ValidationException("InvalidPhoneNumberError", message);

/// <summary>409: a <c>test</c> of a JSON patch does not hold for the document.</summary>
public sealed class PatchTestException(Message message) : FrameworkException(409, "PatchTestError", message);

/// <summary>412: the document is not in the state that the request's <c>If-Match</c> names.</summary>
public sealed class PreconditionFailedException(Message message) : FrameworkException(412, "TimestampMismatchError", message);

/// <summary>417: a query or value that the DocType cannot take.</summary>
public sealed class DataException(Message message) : ValidationException("DataError", message);

/// <summary>400: the body is not what this endpoint reads, such as text that is not JSON.</summary>
public sealed class BadRequestException(Message message) : FrameworkException(400, "DataError", message);

/// <summary>400: a request that a cookie authenticates came from a page of another origin.</summary>
public sealed class CsrfTokenException(Message message) : FrameworkException(400, "CSRFTokenError", message);

/// <summary>401: no credentials, or credentials that are not accepted.</summary>
public sealed class AuthenticationException(Message message) : FrameworkException(401, "AuthenticationError", message)
{
    /// <summary>Whether a <c>sid</c> came that is no session any more; the body then says <c>session_expired: 1</c>.</summary>
    public bool SessionExpired { get; init; }

    /// <summary>
    /// The <c>error</c> member of <c>WWW-Authenticate: Bearer</c>: <c>invalid_token</c> or <c>invalid_request</c>.
    /// Null when no credentials came in the <c>Authorization</c> header.
    /// </summary>
    /// <remarks>RFC 6750 section 3.1.</remarks>
    public string? BearerError { get; init; }
}

/// <summary>403: the caller is known and may not.</summary>
public sealed class PermissionException(Message message) : FrameworkException(403, "PermissionError", message);

/// <summary>404: not there, for this tenant.</summary>
public sealed class DoesNotExistException(Message message) : FrameworkException(404, "DoesNotExistError", message);

/// <summary>409: a document of this name is there already.</summary>
public sealed class DuplicateEntryException(Message message) : FrameworkException(409, "DuplicateEntryError", message);

/// <summary>409: the name is not allowed.</summary>
public sealed class NameException(Message message) : FrameworkException(409, "NameError", message);

/// <summary>405: the resource does not take this verb.</summary>
public sealed class MethodNotAllowedException(Message message) : FrameworkException(405, "MethodNotAllowedError", message);

/// <summary>413: the body is larger than this endpoint takes.</summary>
public sealed class PayloadTooLargeException(Message message) : FrameworkException(413, "PayloadTooLargeError", message);

/// <summary>415: the body is in a form that this endpoint does not read.</summary>
public sealed class UnsupportedMediaTypeException(Message message) : FrameworkException(415, "UnsupportedMediaType", message);

/// <summary>429: too many requests.</summary>
public sealed class TooManyRequestsException(Message message) : FrameworkException(429, "TooManyRequestsError", message);

/// <summary>503: the central site cannot be asked and the credential cannot be checked without it.</summary>
public sealed class AuthServiceUnavailableException : FrameworkException
{
    /// <summary>Creates the error with the time after which asking again may work.</summary>
    public AuthServiceUnavailableException(Message message, TimeSpan retryAfter) : base(503, "AuthServiceUnavailable", message) =>
        RetryAfter = retryAfter;
}

/// <summary>503: the database is not reachable, or gave up on a deadlock; the same request may be sent again.</summary>
public sealed class DatabaseUnavailableException : FrameworkException
{
    /// <summary>Creates the error; the cause goes to the log only.</summary>
    public DatabaseUnavailableException(Message message, Exception? innerException = null)
        : base(503, "DatabaseUnavailable", message, innerException) => RetryAfter = TimeSpan.FromSeconds(1);
}

/// <summary>500: a defect. The caller is told nothing but the id of the request.</summary>
public sealed class InternalErrorException() : FrameworkException(500, "InternalServerError", "An internal error occurred; tell support the request id.");
