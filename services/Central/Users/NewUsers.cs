using Central.Clients;
using Central.Links;
using Central.Platform;
using Central.Settings;

namespace Central.Users;

/// <summary>A user to be made in the caller's tenant. Without a user name the e-mail address is the name; without a password the user is mailed a link to choose one.</summary>
internal sealed record NewUser(string Email, string Username, string FullName, string GivenName, string FamilyName, string Language, string Password, IReadOnlyList<string> Roles);

/// <summary>Makes users: an account of the platform and its profile and roles in the caller's own tenant, both or none.</summary>
internal sealed class NewUsers(PasswordPolicy policy, PasswordHashing passwords, LinkMails mails, LinkSettings links, CentralSettings settings, AuditLog audit)
{
    /// <summary>Whether users can be made without a password: when mails leave.</summary>
    public bool CanMailLinks => links.IsPasswordResetOn;

    /// <summary>Makes a user. Returns the account.</summary>
    /// <param name="context">The request.</param>
    /// <param name="db">The database as the caller sees it: the user is made in its tenant, with roles that the caller may give.</param>
    /// <param name="made">The user.</param>
    /// <exception cref="PermissionException">The caller is no System Manager, or may not give a role.</exception>
    /// <exception cref="ValidationException">A value is missing or not allowed.</exception>
    /// <exception cref="DuplicateEntryException">There is such a user, in this tenant or another.</exception>
    public async Task<Account> MakeAsync(HttpContext context, TenantDb db, NewUser made)
    {
        var (user, cancellationToken) = (db.User, context.RequestAborted);
        user.OnlyFor(RoleNames.SystemManager);
        var (account, profile) = Read(db, made);
        var isInvited = made.Password.Length == 0 && CanMailLinks;
        if (!isInvited)
        {
            policy.Check(made.Password, account.Username, account.Email, profile.FullName, user.Tenant.Id);
        }

        account.PasswordHash = await passwords.HashAsync(isInvited ? SecretStore.Generate() : made.Password, cancellationToken); // an invited user's is nobody's to know
        try
        {
            await db.TransactionAsync(
                async () =>
                {
                    await AccountStore.InsertAsync(db.InTenant(settings.PlatformTenant, "A manager makes a user: the account is the platform's"), account, cancellationToken);
                    await db.InsertAsync(profile, ignorePermissions: true, cancellationToken); // the API makes no users without accounts, so nobody has the right
                },
                cancellationToken);
        }
        catch (DuplicateEntryException)
        {
            await audit.RefusedAsync(context, AuditEvents.UserCreated, new(user.Subject, user.Tenant.Id, Reference: "exists"));
            throw;
        }

        await audit.DoneAsync(context, AuditEvents.UserCreated, new(user.Subject, user.Tenant.Id, Reference: account.Name));
        if (isInvited)
        {
            mails.Send(links.PasswordReset, account.Username);
        }

        return account;
    }

    private static (Account Account, User Profile) Read(TenantDb db, NewUser made)
    {
        if (LoginName.Normalize(made.Email) is not { } email || !LoginName.IsEmail(email))
        {
            throw new ValidationException("The e-mail address is none");
        }

        if (LoginName.Normalize(made.Username.Length > 0 ? made.Username : email) is not { } username || username.StartsWith(Account.IdPrefix, StringComparison.Ordinal))
        {
            throw new ValidationException("The user name can be none");
        }

        if (made.FullName.Trim().Length == 0)
        {
            throw new ValidationException("The name is missing");
        }

        var account = new Account { Name = AccountStore.NewId(), Username = username, Email = email, HomeTenant = db.Tenant.Id };
        var profile = new User
        {
            Name = username,
            UserId = account.Name,
            Email = email,
            FullName = made.FullName.Trim(),
            GivenName = made.GivenName.Trim(),
            FamilyName = made.FamilyName.Trim(),
            Language = made.Language,
            Roles = [.. made.Roles.Select(role => new HasRole { Role = role })],
        };
        return (account, profile);
    }
}
