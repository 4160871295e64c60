using Microservices.Errors;
using Microservices.Files;

namespace Microservices.Framework.Tests.Errors;

public sealed class FrameworkExceptionTests
{
    /// <summary>Status and name are what clients act on, so each pair of the wire contract stands here once.</summary>
    public static TheoryData<FrameworkException, int, string> Errors { get; } = new()
    {
        { new ValidationException("m"), 417, "ValidationError" },
        { new MandatoryException("m"), 417, "MandatoryError" },
        { new LinkValidationException("m"), 417, "LinkValidationError" },
        { new CancelledLinkException("m"), 417, "CancelledLinkError" },
        { new InvalidEmailAddressException("m"), 417, "InvalidEmailAddressError" },
        { new InvalidNameException("m"), 417, "InvalidNameError" },
        { new InvalidPhoneNumberException("m"), 417, "InvalidPhoneNumberError" },
        { new ParameterTypeException("m"), 417, "FrappeTypeError" },
        { new PatchTestException("m"), 409, "PatchTestError" },
        { new PreconditionFailedException("m"), 412, "TimestampMismatchError" },
        { new LinkExistsException("m"), 417, "LinkExistsError" },
        { new TimestampMismatchException("m"), 417, "TimestampMismatchError" },
        { new CannotChangeConstantException("m"), 417, "CannotChangeConstantError" },
        { new CharacterLengthExceededException("m"), 417, "CharacterLengthExceededError" },
        { new UniqueValidationException("m"), 417, "UniqueValidationError" },
        { new UnknownPartException("m"), 417, "UnknownPartError" },
        { new NonNegativeException("m"), 417, "NonNegativeError" },
        { new DocstatusTransitionException("m"), 417, "DocstatusTransitionError" },
        { new UpdateAfterSubmitException("m"), 417, "UpdateAfterSubmitError" },
        { new DataException("m"), 417, "DataError" },
        { new MaxFileSizeReachedException("m"), 417, "MaxFileSizeReachedError" },
        { new FileTypeNotAllowedException("m"), 417, "FileTypeNotAllowed" },
        { new AttachmentLimitReachedException("m"), 417, "AttachmentLimitReached" },
        { new BadRequestException("m"), 400, "DataError" },
        { new CsrfTokenException("m"), 400, "CSRFTokenError" },
        { new MethodNotAllowedException("m"), 405, "MethodNotAllowedError" },
        { new PayloadTooLargeException("m"), 413, "PayloadTooLargeError" },
        { new UnsupportedMediaTypeException("m"), 415, "UnsupportedMediaType" },
        { new AuthenticationException("m"), 401, "AuthenticationError" },
        { new PermissionException("m"), 403, "PermissionError" },
        { new DoesNotExistException("m"), 404, "DoesNotExistError" },
        { new DuplicateEntryException("m"), 409, "DuplicateEntryError" },
        { new NameException("m"), 409, "NameError" },
        { new TooManyRequestsException("m"), 429, "TooManyRequestsError" },
        { new AuthServiceUnavailableException("m", TimeSpan.FromSeconds(3)), 503, "AuthServiceUnavailable" },
        { new DatabaseUnavailableException("m"), 503, "DatabaseUnavailable" },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public void EachError_HasItsStatusTypeAndMessage(FrameworkException error, int statusCode, string type)
    {
        Assert.Equal((statusCode, type, "m"), (error.StatusCode, error.Type, error.Message));
    }

    [Fact]
    public void EveryErrorOfTheFramework_IsInTheTable()
    {
        IEnumerable<Type> declared = typeof(FrameworkException).Assembly.GetExportedTypes()
            .Where(type => type.IsSubclassOf(typeof(FrameworkException)));
        IEnumerable<Type> tested = Errors.Select(row => row.Data.Item1.GetType());

        // The one error whose text is fixed, so that it can tell nothing.
        Assert.Equal([typeof(InternalErrorException)], declared.Except(tested));
    }

    [Fact]
    public void UnavailableAuthService_TellsWhenToTryAgain()
    {
        Assert.Equal(TimeSpan.FromSeconds(3), new AuthServiceUnavailableException("m", TimeSpan.FromSeconds(3)).RetryAfter);
    }
}
