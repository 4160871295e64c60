using Central.Passkeys;
using Central.Platform;
using Central.Sessions;
using Central.Users;

namespace Central.Factors;

/// <summary>What a login still has to prove after its first factor.</summary>
internal enum FactorNeed
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A code of the authenticator app, or a recovery code.</summary>
    Code,

    /// <summary>A second factor is required, and a passkey is the only one that the user has.</summary>
    Passkey,

    /// <summary>A second factor is required, and the user has none yet.</summary>
    Enrolment,
}

/// <summary>
/// The second factors of users. Who has set up an authenticator app is always asked for it; who has not is asked for a second factor where
/// the tenant, or a role in it, requires one. A passkey is two factors by itself and asks for nothing more.
/// </summary>
internal sealed class SecondFactors(PlatformDatabase platform, MembershipReader memberships, TotpStore apps, RecoveryCodeStore recoveryCodes)
{
    /// <summary>What the user is told after <see cref="RemoveAllAsync"/>.</summary>
    public const string RemovedByAdministrator = "An administrator removed the authenticator app, the recovery codes and the passkeys of your account.";

    /// <summary>Whether a password or a mailed link alone does not sign this user in.</summary>
    public async Task<bool> IsNeededAsync(Membership member, CancellationToken cancellationToken) => await NeedAsync(member, cancellationToken) is not FactorNeed.None;

    /// <summary>What a login as this user, in this tenant, needs after its first factor.</summary>
    public async Task<FactorNeed> NeedAsync(Membership member, CancellationToken cancellationToken) =>
        await platform.RunAsync(db => TotpStore.HasAsync(db, member.UserId, cancellationToken)) ? FactorNeed.Code
        : !await IsRequiredAsync(member, cancellationToken) ? FactorNeed.None
        : await HasPasskeyAsync(member.UserId, cancellationToken) ? FactorNeed.Passkey
        : FactorNeed.Enrolment;

    /// <summary>Whether what was proved at a login is enough for this user in this tenant, as they demand it now.</summary>
    /// <param name="member">The user in the tenant.</param>
    /// <param name="amr">What was proved, in the words of <see cref="AuthenticationMethods"/>.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    public async Task<bool> SatisfiesAsync(Membership member, string amr, CancellationToken cancellationToken) =>
        AuthenticationMethods.IsMultiFactor(amr) || !await IsRequiredAsync(member, cancellationToken);

    /// <summary>Whether a session is good enough to change second factors: one factor alone changes none once there is another.</summary>
    /// <remarks>Otherwise a password would be enough to add a second factor of one's own to somebody's account. NIST SP 800-63B section 6.1.2.1.</remarks>
    public async Task<bool> MayChangeAsync(Session session, CancellationToken cancellationToken) =>
        AuthenticationMethods.IsMultiFactor(session.Amr) ||
        !(await platform.RunAsync(db => TotpStore.HasAsync(db, session.UserId, cancellationToken)) || await HasPasskeyAsync(session.UserId, cancellationToken));

    /// <summary>Whether a user has a passkey.</summary>
    public Task<bool> HasPasskeyAsync(string userId, CancellationToken cancellationToken) => platform.RunAsync(db => PasskeyStore.HasAnyAsync(db, userId, cancellationToken));

    /// <summary>Whether the account must have a second factor: for one of its tenants, or for a role in one.</summary>
    public async Task<bool> IsRequiredAsync(Account account, CancellationToken cancellationToken)
    {
        foreach (var member in await memberships.AllAsync(account, cancellationToken))
        {
            if (await IsRequiredAsync(member, cancellationToken))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a code of the app, or a recovery code, is right. It is used up by that.</summary>
    public async Task<bool> AcceptAsync(string userId, string code, CancellationToken cancellationToken)
    {
        var digits = code.Replace(" ", "", StringComparison.Ordinal);
        return digits.Length == Totp.Digits && digits.All(char.IsAsciiDigit)
            ? await platform.RunAsync(db => apps.AcceptAsync(db, userId, digits, cancellationToken))
            : await platform.RunAsync(db => recoveryCodes.SpendAsync(db, userId, code, cancellationToken));
    }

    /// <summary>Takes app, recovery codes and passkeys of a user away. Works in the platform tenant.</summary>
    public static async Task RemoveAllAsync(TenantDb platform, string userId, CancellationToken cancellationToken)
    {
        await TotpStore.RemoveAsync(platform, userId, cancellationToken);
        await RecoveryCodeStore.RemoveAllAsync(platform, userId, cancellationToken);
        await PasskeyStore.RemoveAllAsync(platform, userId, cancellationToken);
    }

    private async Task<bool> IsRequiredAsync(Membership member, CancellationToken cancellationToken) =>
        member.Record.RequireSecondFactor ||
        (member.Roles.Count > 0 && await platform.RunAsync(member.Tenant, db => db.CountAsync(
            "Role", new() { Filters = [new("name", "in", member.Roles.ToArray()), new("require_second_factor", true)] }, cancellationToken)) > 0);
}
