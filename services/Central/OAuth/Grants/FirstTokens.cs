using Central.Clients;
using Central.Factors;
using Central.OAuth.Tokens;
using Central.Platform;
using Central.Users;

namespace Central.OAuth.Grants;

/// <summary>Issues the first tokens of a grant that a user gave, and sets its end. Works in the platform tenant, within the caller's transaction.</summary>
internal sealed class FirstTokens(
    MembershipReader memberships, SecondFactors factors, Audiences audiences, UserTokenIssuer tokens, GrantLifetimes lifetimes, RefreshTokenStore refreshTokens)
{
    /// <summary>The tokens; null when the grant has ended, user or client cannot use it any more, or the client asks for another audience than before.</summary>
    public async Task<TokenAnswer?> IssueAsync(TenantDb platform, OAuthClient client, string grantName, string? resource, string? nonce, CancellationToken cancellationToken)
    {
        if (await platform.FindDocAsync<OAuthGrant>(grantName, cancellationToken) is not { } grant || (resource is not null && resource != grant.Resource) ||
            grant.ScopeFor(client, audiences) is not { } scope || await memberships.FindAsync(grant.UserId, grant.Tenant, cancellationToken) is not { } member ||
            !await factors.SatisfiesAsync(member, grant.Amr, cancellationToken))
        {
            return null;
        }

        var isRefreshable = GrantLifetimes.IsRefreshable(client, scope);
        grant = await platform.UpdateAsync<OAuthGrant>(grantName, stored => stored.EndsAt = lifetimes.EndOf(client, platform.Now, isRefreshable), ignorePermissions: true, cancellationToken);
        var answer = tokens.Issue(client, grant, member, scope, nonce);
        return isRefreshable ? answer with { RefreshToken = await refreshTokens.IssueAsync(platform, grant, cancellationToken) } : answer;
    }
}
