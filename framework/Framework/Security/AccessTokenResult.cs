namespace Microservices.Security;

/// <summary>Why an access token is not accepted. For logs only: callers learn that it is not valid, not why.</summary>
internal enum AccessTokenFailure
{
    None,
    Malformed,
    Header,
    UnknownKey,
    Signature,
    Issuer,
    Audience,
    Times,
    Claims,
}

/// <summary>What came of checking an access token.</summary>
/// <param name="Failure"><see cref="AccessTokenFailure.None"/> when it is accepted.</param>
/// <param name="User">Whom it speaks for, when accepted.</param>
/// <param name="ExpiresAt">Its <c>exp</c>, when accepted.</param>
internal readonly record struct AccessTokenResult(AccessTokenFailure Failure, CurrentUser? User, DateTimeOffset ExpiresAt)
{
    public static implicit operator AccessTokenResult(AccessTokenFailure failure) => new(failure, null, default);
}
