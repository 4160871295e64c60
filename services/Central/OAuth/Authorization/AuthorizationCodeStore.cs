using Central.Clients;
using Central.OAuth.Grants;

namespace Central.OAuth.Authorization;

/// <summary>Issues authorization codes and redeems them. Works in the platform tenant, within the caller's transaction.</summary>
/// <remarks>RFC 6749 sections 4.1.2 and 4.1.3, RFC 9700 section 2.1.</remarks>
internal static class AuthorizationCodeStore
{
    /// <summary>Issues a code for a grant, which is kept with it.</summary>
    public static async Task<string> IssueAsync(TenantDb platform, AuthorizationRequest request, OAuthGrant grant, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var code = SecretStore.Generate();
        var end = platform.Now + lifetime;
        grant.EndsAt = end;
        await platform.InsertAsync(grant, ignorePermissions: true, cancellationToken);
        await platform.InsertAsync(
            new AuthorizationCode
            {
                Name = SecretStore.HashOf(code),
                ClientId = grant.ClientId,
                RedirectUri = request.RedirectUri,
                CodeChallenge = request.CodeChallenge,
                Nonce = request.Nonce ?? "",
                Grant = grant.Name,
                ExpiresAt = end,
            },
            ignorePermissions: true,
            cancellationToken);
        return code;
    }

    /// <summary>
    /// Redeems a code. Whoever presents it, with whatever else is wrong, uses it up: a code is seen once. A second time ends all that
    /// came of the first.
    /// </summary>
    public static async Task<(Redemption Outcome, AuthorizationCode? Code)> RedeemAsync(
        TenantDb platform, OAuthClient client, string code, string? redirectUri, string? verifier, CancellationToken cancellationToken)
    {
        var (wasUsed, isForeign) = (false, false);
        AuthorizationCode known;
        try
        {
            // The row stays locked until the transaction ends, so a second use finds it used.
            known = await platform.UpdateAsync<AuthorizationCode>(
                SecretStore.HashOf(code),
                stored =>
                {
                    wasUsed = stored.Used;
                    isForeign = stored.ClientId != client.ClientId;
                    stored.Used = wasUsed || !isForeign;
                },
                ignorePermissions: true,
                cancellationToken);
        }
        catch (DoesNotExistException)
        {
            return (Redemption.Refused, null);
        }

        if (isForeign)
        {
            return (Redemption.Refused, null);
        }

        if (wasUsed)
        {
            await GrantStore.RevokeAsync(platform, known.Grant, cancellationToken);
            return (Redemption.Reused, known);
        }

        return platform.Now < known.ExpiresAt && known.RedirectUri == redirectUri && Pkce.Verify(verifier, known.CodeChallenge)
            ? (Redemption.Redeemed, known)
            : (Redemption.Refused, null);
    }
}
