using Central.Settings;
using Central.Tenants;
using Central.Users;

namespace Central.Platform;

/// <summary>
/// Makes a Platform Administrator while there is none, from <c>CENTRAL_ADMIN_EMAIL</c> and <c>CENTRAL_ADMIN_PASSWORD</c> (or
/// <c>CENTRAL_ADMIN_PASSWORD_FILE</c>).
/// </summary>
internal sealed partial class FirstAdministrator(
    IConfiguration configuration, IHostEnvironment environment, CentralSettings settings, PlatformDatabase platform, PasswordPolicy policy, PasswordHashing passwords,
    ILogger<FirstAdministrator> logger)
{
    /// <exception cref="StartupException">A setting is missing or wrong.</exception>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        var text = configuration["CENTRAL_ADMIN_EMAIL"] ?? "";
        if ((text.Length == 0 && !environment.IsProduction()) || await IsThereAsync(cancellationToken))
        {
            return;
        }

        if (text.Length == 0)
        {
            LogNobody(logger);
            return;
        }

        var password = SecretSetting.Read(configuration, "CENTRAL_ADMIN_PASSWORD") ?? throw new StartupException("CENTRAL_ADMIN_EMAIL is set and CENTRAL_ADMIN_PASSWORD is not: the first administrator needs both.");
        try
        {
            await MakeAsync(text, password, cancellationToken);
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

    /// <summary>Makes a Platform Administrator, be there others or not. Returns the user's id.</summary>
    /// <exception cref="ValidationException">The address is none, or the password is weak.</exception>
    /// <exception cref="DuplicateEntryException">There is such a user.</exception>
    public async Task<string> MakeAsync(string address, string password, CancellationToken cancellationToken)
    {
        if (LoginName.Normalize(address) is not { } email || !LoginName.IsEmail(email))
        {
            throw new ValidationException("That is not an e-mail address");
        }

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
        return account.Name;
    }

    private async Task<bool> IsThereAsync(CancellationToken cancellationToken) =>
        (await platform.RunAsync(db => db.NamesAsync("Has Role", new("role", RoleNames.PlatformAdministrator), limit: 1, cancellationToken))).Count > 0;

    [LoggerMessage(5004, LogLevel.Warning, "There is no Platform Administrator, so nobody can make tenants' clients or keep users. Set CENTRAL_ADMIN_EMAIL and CENTRAL_ADMIN_PASSWORD (or CENTRAL_ADMIN_PASSWORD_FILE) and start again, or run `dotnet Central.dll users create-admin <email>` with the password on standard input")]
    private static partial void LogNobody(ILogger logger);
}
