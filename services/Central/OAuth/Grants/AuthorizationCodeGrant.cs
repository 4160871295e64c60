using Central.Clients;
using Central.OAuth.Authorization;
using Central.OAuth.Tokens;
using Central.Platform;

namespace Central.OAuth.Grants;

/// <summary>The grant <c>authorization_code</c>.</summary>
/// <remarks>RFC 6749 section 4.1.3, RFC 7636 section 4.5, OpenID Connect Core section 3.1.3.</remarks>
internal sealed class AuthorizationCodeGrant(PlatformDatabase platform, FirstTokens firstTokens, AuditLog audit) : IGrant
{
    /// <inheritdoc/>
    public string Type => GrantTypes.AuthorizationCode;

    /// <inheritdoc/>
    public async Task<TokenAnswer> RunAsync(HttpContext context, OAuthClient client, OAuthRequest request)
    {
        var presented = request["code"] ?? throw OAuthError.InvalidRequest("code is missing.");
        var (redirectUri, verifier) = (request["redirect_uri"], request["code_verifier"]);
        var cancellationToken = context.RequestAborted;

        // What the tables say of a code counts whatever the answer is, so nothing is thrown before the transaction has ended.
        var (outcome, code, answer) = (Redemption.Refused, (AuthorizationCode?)null, (TokenAnswer?)null);
        await platform.InTransactionAsync(
            async db =>
            {
                (outcome, code) = await AuthorizationCodeStore.RedeemAsync(db, client, presented, redirectUri, verifier, cancellationToken);
                answer = outcome is Redemption.Redeemed ? await firstTokens.IssueAsync(db, client, code!.Grant, request["resource"], code.Nonce, cancellationToken) : null;
            },
            cancellationToken);
        if (outcome is Redemption.Reused)
        {
            await audit.RefusedAsync(context, AuditEvents.AuthorizationCodeReuse, new(ClientId: client.ClientId, Reference: code!.Grant));
        }

        return answer ?? throw OAuthError.InvalidGrant();
    }
}
