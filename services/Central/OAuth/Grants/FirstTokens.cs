using Central.Clients;
using Central.OAuth.Tokens;
using Central.Platform;
using Central.Users;

namespace Central.OAuth.Grants;

/// <summary>Issues the first tokens of a grant that a user gave, and sets its end. Works in the platform tenant, within the caller's transaction.</summary>
internal sealed class FirstTokens(MembershipReader memberships, UserTokenIssuer tokens, GrantLifetimes lifetimes, RefreshTokenStore refreshTokens)
{
    /// <summary>The tokens; null when the grant has ended, the user cannot act any more, or the client asks for another audience than before.</summary>
    public async Task<TokenAnswer?> IssueAsync(TenantDb platform, OAuthClient client, string grantName, string? resource, string? nonce, CancellationToken cancellationToken)
    {
        if (await platform.FindDocAsync<OAuthGrant>(grantName, cancellationToken) is not { } grant || (resource is not null && resource != grant.Resource) ||
            await memberships.FindAsync(grant.UserId, grant.Tenant, cancellationToken) is not { } member)
        {
            return null;
        }

        var isRefreshable = GrantLifetimes.IsRefreshable(client, grant.Scope);
        grant = await platform.UpdateAsync<OAuthGrant>(grantName, stored => stored.EndsAt = lifetimes.EndOf(client, platform.Now, isRefreshable), ignorePermissions: true, cancellationToken);
        var answer = tokens.Issue(client, grant, member, grant.Scope, nonce);
        return isRefreshable ? answer with { RefreshToken = await refreshTokens.IssueAsync(platform, grant, cancellationToken) } : answer;
    }
}
