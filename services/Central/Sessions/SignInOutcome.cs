using Central.Factors;
using Central.Users;

namespace Central.Sessions;

/// <summary>Where a login stands after a step.</summary>
internal abstract record SignInOutcome
{
    /// <summary>It is complete: the session is open.</summary>
    public sealed record SignedIn(string Sid, Membership Member) : SignInOutcome;

    /// <summary>The user has several tenants and chooses one.</summary>
    public sealed record TenantNeeded(string TmpId) : SignInOutcome;

    /// <summary>A second factor is needed.</summary>
    /// <param name="TmpId">What goes on with this login; empty where this door cannot.</param>
    /// <param name="Need">Which one.</param>
    public sealed record FactorNeeded(string TmpId, FactorNeed Need) : SignInOutcome;

    /// <summary>The code was wrong.</summary>
    public sealed record WrongCode : SignInOutcome;

    /// <summary>There is no such login that waits: it took too long, had too many tries, is complete, or is another's.</summary>
    public sealed record Expired : SignInOutcome;

    /// <summary>The user has no tenant, or not the one that was asked for.</summary>
    public sealed record NoTenant : SignInOutcome;
}
