namespace Central.Limits;

/// <summary>429: an account, or a device of it, is locked after too many failures. Doors where a lock must look like a wrong password tell it apart by its type.</summary>
internal sealed class AccountLockedException() : FrameworkException(StatusCodes.Status429TooManyRequests, "TooManyRequestsError", "Too many failed attempts; try again later");
