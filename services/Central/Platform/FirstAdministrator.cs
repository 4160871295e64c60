using Central.Settings;
using Central.Tenants;
using Central.Users;

namespace Central.Platform;

/// <summary>
/// Makes a Platform Administrator while there is none, from <c>CENTRAL_ADMIN_EMAIL</c> and <c>CENTRAL_ADMIN_PASSWORD</c> (or
/// <c>CENTRAL_ADMIN_PASSWORD_FILE</c>).
/// </summary>
internal sealed class FirstAdministrator(
    IConfiguration configuration, CentralSettings settings, PlatformDatabase platform, PasswordPolicy policy, PasswordHashing passwords)
{
    /// <exception cref="StartupException">A setting is missing or wrong.</exception>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (configuration["CENTRAL_ADMIN_EMAIL"] is not { Length: > 0 } text || await IsThereAsync(cancellationToken))
        {
            return;
        }

        var password = SecretSetting.Read(configuration, "CENTRAL_ADMIN_PASSWORD") ?? throw new StartupException("CENTRAL_ADMIN_EMAIL is set and CENTRAL_ADMIN_PASSWORD is not: the first administrator needs both.");
        if (LoginName.Normalize(text) is not { } email || !LoginName.IsEmail(email))
        {
            throw new StartupException("CENTRAL_ADMIN_EMAIL is not an e-mail address.");
        }

        try
        {
            policy.Check(password, email);
            var account = new Account
            {
                Name = AccountStore.NewId(),
                Username = email,
                Email = email,
                PasswordHash = await passwords.HashAsync(password, cancellationToken),
                HomeTenant = settings.PlatformTenant.Id,
            };
            await platform.InTransactionAsync(
                db => TenantProvisioning.InsertUserAsync(db, account, new User { FullName = email }, [RoleNames.PlatformAdministrator, RoleNames.SystemManager], cancellationToken), cancellationToken);
        }
        catch (ValidationException exception)
        {
            throw new StartupException($"The first administrator cannot be made of CENTRAL_ADMIN_EMAIL and CENTRAL_ADMIN_PASSWORD: {exception.Message}.", exception);
        }
        catch (DuplicateEntryException)
        {
            // Another process made it, or the address is a user's already, whose password stays as it is.
        }
    }

    private async Task<bool> IsThereAsync(CancellationToken cancellationToken) =>
        (await platform.RunAsync(db => db.NamesAsync("Has Role", new("role", RoleNames.PlatformAdministrator), limit: 1, cancellationToken))).Count > 0;
}
