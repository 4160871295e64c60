using Central.Clients;
using Central.Factors;
using Central.Mail;
using Central.OAuth.Tokens;
using Central.Platform;
using Central.Users;

namespace Central.OAuth.Grants;

/// <summary>The grant <c>refresh_token</c>, with rotation for every client.</summary>
/// <remarks>RFC 6749 section 6, RFC 9700 section 4.14, OpenID Connect Core section 12.</remarks>
internal sealed class RefreshTokenGrant(
    PlatformDatabase platform, MembershipReader memberships, SecondFactors factors, Audiences audiences, UserTokenIssuer tokens, RefreshTokenStore refreshTokens,
    SecurityMails mails, AuditLog audit) : IGrant
{
    /// <inheritdoc/>
    public string Type => GrantTypes.RefreshToken;

    /// <inheritdoc/>
    public async Task<TokenAnswer> RunAsync(HttpContext context, OAuthClient client, OAuthRequest request)
    {
        var presented = request["refresh_token"] ?? throw OAuthError.InvalidRequest("refresh_token is missing.");
        var cancellationToken = context.RequestAborted;
        var grant = await platform.RunAsync(db => RefreshTokenStore.FindGrantAsync(db, presented, cancellationToken));
        if (grant is null || grant.ClientId != client.ClientId)
        {
            throw OAuthError.InvalidGrant();
        }

        // What the client and the user may still have now, whatever was granted once.
        var granted = grant.ScopeFor(client, audiences) is { } left && GrantLifetimes.IsRefreshable(client, left) ? left : null;
        var member = await memberships.FindAsync(grant.UserId, grant.Tenant, cancellationToken);
        var isGood = granted is not null && member is not null && await factors.SatisfiesAsync(member, grant.Amr, cancellationToken);

        // Before the token is spent: a request that asks for too much leaves it as it is. A spent one is never told so.
        var scope = granted is null ? null : Shrink(granted, request["scope"]);
        var isRightTarget = request["resource"] is not { } resource || resource == grant.Resource;
        if (await platform.RunAsync(db => RefreshTokenStore.IsUsableAsync(db, presented, cancellationToken)))
        {
            Require(isGood, OAuthError.InvalidGrant());
            Require(scope is not null, OAuthError.InvalidScope());
            Require(isRightTarget, OAuthError.InvalidTarget());
        }

        var (outcome, successor) = (Redemption.Refused, (string?)null);
        await platform.InTransactionAsync(
            async db => (outcome, successor) = await refreshTokens.RotateAsync(db, grant, presented, cancellationToken), cancellationToken);
        if (outcome is Redemption.Reused)
        {
            await audit.RefusedAsync(context, AuditEvents.RefreshTokenReuse, new(grant.UserId, grant.Tenant, client.ClientId, grant.Name));
            mails.RefreshTokenReused(grant.UserId, client.DisplayName);
        }

        return outcome is Redemption.Redeemed && isGood && scope is not null && isRightTarget
            ? tokens.Issue(client, grant, member!, scope) with { RefreshToken = successor }
            : throw OAuthError.InvalidGrant();
    }

    private static void Require(bool condition, OAuthError otherwise)
    {
        if (!condition)
        {
            throw otherwise;
        }
    }

    /// <summary>The scope of the new access token, at most what was granted; null when more is asked for. The refresh token keeps its own.</summary>
    private static string? Shrink(string granted, string? asked) =>
        asked is null ? granted : OAuthClient.Words(asked).Length > 0 && Scopes.Contains(granted, asked) ? string.Join(' ', OAuthClient.Words(asked).Distinct(StringComparer.Ordinal)) : null;
}
