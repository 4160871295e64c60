using System.Text;
using Central.Clients;
using Central.Keys;
using Central.Platform;
using Central.Settings;

namespace Central.OAuth.Grants;

/// <summary>What became of a token that was presented.</summary>
internal enum Redemption
{
    /// <summary>It was good, and is spent now.</summary>
    Redeemed,

    /// <summary>It is unknown, expired or another client's.</summary>
    Refused,

    /// <summary>It was spent before: somebody has a copy. Its family is revoked.</summary>
    Reused,
}

/// <summary>Issues refresh tokens and rotates them. Works in the platform tenant, within the caller's transaction.</summary>
/// <remarks>RFC 6749 section 6, RFC 9700 section 4.14.2.</remarks>
internal sealed class RefreshTokenStore(KeyEncryption encryption, CentralSettings settings)
{
    /// <summary>Issues a token of a grant.</summary>
    public async Task<string> IssueAsync(TenantDb platform, OAuthGrant grant, CancellationToken cancellationToken)
    {
        var token = SecretStore.Generate();
        await InsertAsync(platform, grant, token, cancellationToken);
        return token;
    }

    /// <summary>The grant of a token, spent or not; null when there is none or it is over.</summary>
    public static async Task<OAuthGrant?> FindGrantAsync(TenantDb platform, string token, CancellationToken cancellationToken) =>
        await platform.FindDocAsync<RefreshToken>(SecretStore.HashOf(token), cancellationToken) is { } known &&
        await platform.FindDocAsync<OAuthGrant>(known.Grant, cancellationToken) is { } grant && platform.Now < grant.EndsAt ? grant : null;

    /// <summary>Whether a token can still be used.</summary>
    public static async Task<bool> IsUsableAsync(TenantDb platform, string token, CancellationToken cancellationToken) =>
        await platform.FindDocAsync<RefreshToken>(SecretStore.HashOf(token), cancellationToken) is { SpentAt: null } known && platform.Now < known.UsableUntil;

    /// <summary>Spends a token of a grant and issues its successor. Of several at once exactly one spends it.</summary>
    public async Task<(Redemption Outcome, string? Successor)> RotateAsync(TenantDb platform, OAuthGrant grant, string token, CancellationToken cancellationToken)
    {
        var (now, name, successor, wasSpent) = (platform.Now, SecretStore.HashOf(token), SecretStore.Generate(), false);
        RefreshToken? spent;
        try
        {
            // The row stays locked until the transaction ends, so a second use finds it spent.
            spent = await platform.UpdateAsync<RefreshToken>(
                name,
                stored =>
                {
                    wasSpent = stored.SpentAt is not null;
                    if (!wasSpent && now < stored.UsableUntil)
                    {
                        stored.SpentAt = now;
                        stored.Successor = settings.RefreshTokenReuseLeeway > TimeSpan.Zero ? encryption.Encrypt(Encoding.ASCII.GetBytes(successor), name) : "";
                    }
                },
                ignorePermissions: true,
                cancellationToken);
        }
        catch (DoesNotExistException)
        {
            return (Redemption.Refused, null);
        }

        if (wasSpent)
        {
            return await SuccessorOfAsync(platform, spent, now, cancellationToken) is { } lost
                ? (Redemption.Redeemed, lost)
                : (await GrantStore.RevokeAsync(platform, grant.Name, cancellationToken) ? Redemption.Reused : Redemption.Refused, null);
        }

        if (spent.SpentAt is null)
        {
            return (Redemption.Refused, null);
        }

        await InsertAsync(platform, grant, successor, cancellationToken);
        return (Redemption.Redeemed, successor);
    }

    private Task<RefreshToken> InsertAsync(TenantDb platform, OAuthGrant grant, string token, CancellationToken cancellationToken)
    {
        var idleEnd = platform.Now + settings.RefreshTokenIdleLifetime;
        return platform.InsertAsync(
            new RefreshToken { Name = SecretStore.HashOf(token), Grant = grant.Name, UsableUntil = idleEnd < grant.EndsAt ? idleEnd : grant.EndsAt, ExpiresAt = grant.EndsAt },
            ignorePermissions: true,
            cancellationToken);
    }

    /// <summary>The successor of a token that was spent a moment ago, unless the successor was used: then nobody's answer was lost.</summary>
    private async Task<string?> SuccessorOfAsync(TenantDb platform, RefreshToken spent, DateTime now, CancellationToken cancellationToken)
    {
        if (spent.Successor.Length == 0 || now > spent.SpentAt + settings.RefreshTokenReuseLeeway)
        {
            return null;
        }

        var successor = Encoding.ASCII.GetString(encryption.Decrypt(spent.Successor, spent.Name));
        return await IsUsableAsync(platform, successor, cancellationToken) ? successor : null;
    }
}
