using Central.Clients;
using Central.Factors;
using Central.Limits;
using Central.OAuth.Tokens;
using Central.Platform;
using Central.Sessions;
using Central.Settings;
using Central.Users;

namespace Central.OAuth.Grants;

/// <summary>
/// The grant <c>password</c>, for programs of the platform's own that cannot show a page. Off unless a setting turns it on, since it shows
/// the user's password to the client. It is one more door to the same login: one count of failures, and no way around a second factor.
/// </summary>
/// <remarks>RFC 6749 section 4.3, which RFC 9700 section 2.4 advises against.</remarks>
internal sealed class PasswordGrant(
    PlatformDatabase platform, PasswordLogin login, SecondFactors factors, AccountLock accounts, MembershipReader memberships, FirstTokens firstTokens,
    Audiences audiences, AuditLog audit, CentralSettings settings) : IGrant
{
    /// <inheritdoc/>
    public string Type => GrantTypes.Password;

    /// <inheritdoc/>
    public bool IsOffered => settings.IsPasswordGrantEnabled;

    /// <inheritdoc/>
    public async Task<TokenAnswer> RunAsync(HttpContext context, OAuthClient client, OAuthRequest request)
    {
        var username = request["username"] ?? throw OAuthError.InvalidRequest("username is missing.");
        var password = request["password"] ?? throw OAuthError.InvalidRequest("password is missing.");

        // Before the password is looked at: what the client may not have says nothing about it.
        var scope = Scopes.ChooseForUser(client, request["scope"]);
        var resource = audiences.Choose(client, request["resource"]);
        var member = await FindMemberAsync(context, client, username, password) ?? throw OAuthError.InvalidGrant();
        var grant = new OAuthGrant
        {
            Name = OAuthGrant.NewId(),
            ClientId = client.ClientId,
            UserId = member.UserId,
            Tenant = member.Tenant.Id,
            Scope = scope,
            Resource = resource,
            Amr = AuthenticationMethods.Password,
        };
        var answer = (TokenAnswer?)null;
        await platform.InTransactionAsync(
            async db =>
            {
                grant.AuthTime = grant.EndsAt = db.Now;
                await db.InsertAsync(grant, ignorePermissions: true, context.RequestAborted);
                answer = await firstTokens.IssueAsync(db, client, grant.Name, resource, nonce: null, context.RequestAborted);
            },
            context.RequestAborted);
        if (answer is null)
        {
            throw OAuthError.InvalidGrant();
        }

        await accounts.ClearAsync(context, member.UserId);
        await audit.DoneAsync(context, AuditEvents.Login, new(member.UserId, member.Tenant.Id, client.ClientId, grant.Name));
        return answer;
    }

    /// <summary>The user whom the password alone signs in, in the client's tenant when it has one; null for every reason why there is none.</summary>
    private async Task<Membership?> FindMemberAsync(HttpContext context, OAuthClient client, string username, string password)
    {
        try
        {
            var member = await login.CheckAsync(context, username, password);
            if (member is not null && !client.IsForTenant(member.Tenant.Id))
            {
                member = await memberships.FindAsync(member.Account, client.Tenant, context.RequestAborted);
            }

            if (member is null || !await factors.IsNeededAsync(member, context.RequestAborted))
            {
                return member;
            }

            await audit.RefusedAsync(context, AuditEvents.Login, new(member.UserId, member.Tenant.Id, client.ClientId, "second factor needed"));
            return null;
        }
        catch (AccountLockedException)
        {
            return null;
        }
    }
}
