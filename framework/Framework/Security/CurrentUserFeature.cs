namespace Microservices.Security;

/// <summary>Carries the outcome of authentication along the request, so that it runs once.</summary>
/// <param name="user">The caller, or null when the request came without credentials.</param>
public sealed class CurrentUserFeature(CurrentUser? user)
{
    /// <summary>The caller, or null when the request came without credentials.</summary>
    public CurrentUser? User { get; } = user;
}
