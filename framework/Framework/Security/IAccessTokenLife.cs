namespace Microservices.Security;

/// <summary>
/// Tells whether an access token that is good by itself still counts. Only the central site can, from its own tables; services go by the token
/// alone until it ends.
/// </summary>
internal interface IAccessTokenLife
{
    /// <summary>Whether neither the token nor what it came from was ended.</summary>
    /// <param name="token">A token whose signature and claims are good.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    public ValueTask<bool> IsAliveAsync(string token, CancellationToken cancellationToken);
}
