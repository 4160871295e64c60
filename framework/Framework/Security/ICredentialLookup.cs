using Microservices.Errors;

namespace Microservices.Security;

/// <summary>Who tells whom a session or an API key speaks for: the central site when asked, or, in the central site itself, its own tables.</summary>
internal interface ICredentialLookup
{
    /// <summary>The caller, or null when the credential is not active.</summary>
    /// <param name="credential">The <c>sid</c>, or <c>key:secret</c>; visible ASCII.</param>
    /// <param name="kind"><see cref="CredentialKind.Session"/> or <see cref="CredentialKind.ApiKey"/>.</param>
    /// <param name="clientAddress">Where the request comes from, for API keys that are good at some addresses only; null when that does not matter.</param>
    /// <param name="cancellationToken">Ends this caller's wait.</param>
    /// <exception cref="AuthServiceUnavailableException">The answer is not known and cannot be had now.</exception>
    public ValueTask<CurrentUser?> FindAsync(string credential, CredentialKind kind, string? clientAddress, CancellationToken cancellationToken);
}
