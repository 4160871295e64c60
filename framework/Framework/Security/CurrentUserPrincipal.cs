using System.Security.Claims;

namespace Microservices.Security;

/// <summary>The caller in the form that <c>[Authorize]</c> and <c>HttpContext.User</c> know.</summary>
internal static class CurrentUserPrincipal
{
    public const string RoleClaim = "roles";

    public static ClaimsPrincipal Create(CurrentUser user)
    {
        var identity = new ClaimsIdentity(CentralAuthenticationHandler.SchemeName, "username", RoleClaim);
        identity.AddClaim(new Claim("sub", user.Subject));
        identity.AddClaim(new Claim("username", user.Name));
        identity.AddClaim(new Claim("tenant", user.Tenant.Id));
        identity.AddClaims(user.Roles.Select(role => new Claim(RoleClaim, role)));
        if (user.GrantedScopes.Count > 0)
        {
            identity.AddClaim(new Claim("scope", string.Join(' ', user.GrantedScopes)));
        }

        return new ClaimsPrincipal(identity);
    }
}
