using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microservices.Security;

/// <summary>
/// Lets ASP.NET Core's own <c>[Authorize]</c> and <c>RequireAuthorization()</c> work with the caller. Refusals are exceptions, so that they
/// leave in the one shape of every error.
/// </summary>
internal sealed class CentralAuthenticationHandler(
    CredentialAuthenticator authenticator, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "Central";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        CurrentUserFeature? feature = Context.Features.Get<CurrentUserFeature>();
        if (feature is null)
        {
            feature = new CurrentUserFeature(await authenticator.AuthenticateAsync(Context));
            Context.Features.Set(feature);
        }

        return feature.User is { } user
            ? AuthenticateResult.Success(new AuthenticationTicket(user.Principal, SchemeName))
            : AuthenticateResult.NoResult();
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => throw AuthenticationErrors.Missing();

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        throw new Errors.PermissionException("You are not allowed to do this.");
}
