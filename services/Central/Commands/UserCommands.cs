using System.CommandLine;
using Central.ApiKeys;
using Central.Factors;
using Central.Platform;
using Central.Sessions;
using Central.Users;

namespace Central.Commands;

/// <summary><c>users</c>: who may sign in. Passwords come on standard input, since arguments stand in the list of processes.</summary>
internal static class UserCommands
{
    public static Command Create(CommandRunner runner) => new("users", "Who may sign in.")
    {
        CreateAdministrator(runner),
        OfUser(runner, "disable", "Keeps a user out of every tenant; sessions, tokens and API keys end at once.", (services, account, cancellationToken) => EnableAsync(services, account, isEnabled: false, cancellationToken)),
        OfUser(runner, "enable", "Lets a user sign in again, unless its tenant has disabled it.", (services, account, cancellationToken) => EnableAsync(services, account, isEnabled: true, cancellationToken)),
        OfUser(runner, "set-password", "Gives a user the password that comes on standard input; all sessions and tokens end.", (services, account, cancellationToken) => SetPasswordAsync(services, account, runner.Console, cancellationToken)),
        OfUser(runner, "remove-factors", "Takes authenticator app, recovery codes and passkeys of a user away, for one who lost them.", RemoveFactorsAsync),
        OfUser(runner, "end-sessions", "Signs a user out everywhere.", EndSessionsAsync),
    };

    private static Command CreateAdministrator(CommandRunner runner)
    {
        var email = new Argument<string>("email") { Description = "The address, which is the user name too." };
        var command = new Command("create-admin", "Makes a Platform Administrator with the password that comes on standard input.") { email };
        runner.Set(command, async (services, result, cancellationToken) =>
        {
            var password = runner.Console.ReadPassword();
            var userId = await services.GetRequiredService<FirstAdministrator>().MakeAsync(result.GetRequiredValue(email), password, cancellationToken);
            await services.GetRequiredService<AuditLog>().DoneByCommandAsync(AuditEvents.AdministratorCreated, new(userId));
            await runner.Console.Output.WriteLineAsync($"Made {result.GetRequiredValue(email)} ({userId}) a Platform Administrator.");
        });
        return command;
    }

    private static Command OfUser(CommandRunner runner, string name, string description, Func<IServiceProvider, Account, CancellationToken, Task<string>> work)
    {
        var user = new Argument<string>("user") { Description = "User name, e-mail address or user id." };
        var command = new Command(name, description) { user };
        runner.Set(command, async (services, result, cancellationToken) =>
        {
            var account = await FindAsync(services, result.GetRequiredValue(user), cancellationToken);
            await runner.Console.Output.WriteLineAsync($"{account.Username} ({account.Name}): {await work(services, account, cancellationToken)}.");
        });
        return command;
    }

    /// <exception cref="CommandException">There is no such user.</exception>
    internal static Task<Account> FindAsync(IServiceProvider services, string user, CancellationToken cancellationToken) =>
        services.GetRequiredService<PlatformDatabase>().RunAsync(async db =>
            await AccountStore.FindByLoginAsync(db, user, cancellationToken) ?? await db.FindDocAsync<Account>(user, cancellationToken)
            ?? throw new CommandException("There is no such user."));

    private static async Task<string> EnableAsync(IServiceProvider services, Account account, bool isEnabled, CancellationToken cancellationToken)
    {
        await services.GetRequiredService<PlatformDatabase>().InTransactionAsync(
            async db =>
            {
                await db.UpdateAsync<Account>(account.Name, stored => stored.Enabled = isEnabled, ignorePermissions: true, cancellationToken);
                if (!isEnabled)
                {
                    await SignIns.EndAllAsync(db, account.Name, tenant: null, cancellationToken);
                    await ApiKeyStore.RevokeAllAsync(db, account.Name, tenant: null, cancellationToken);
                }
            },
            cancellationToken);
        await AuditAsync(services, isEnabled ? AuditEvents.UserEnabled : AuditEvents.UserDisabled, account);
        return isEnabled ? "enabled" : "disabled, sessions and API keys ended";
    }

    private static async Task<string> SetPasswordAsync(IServiceProvider services, Account account, CommandConsole console, CancellationToken cancellationToken)
    {
        var password = console.ReadPassword();
        services.GetRequiredService<PasswordPolicy>().Check(password, account.Username, account.Email, account.HomeTenant);
        var hash = await services.GetRequiredService<PasswordHashing>().HashAsync(password, cancellationToken);
        await services.GetRequiredService<PlatformDatabase>().InTransactionAsync(
            async db =>
            {
                await db.UpdateAsync<Account>(account.Name, stored => stored.PasswordHash = hash, ignorePermissions: true, cancellationToken);
                await SignIns.EndAllAsync(db, account.Name, tenant: null, cancellationToken);
            },
            cancellationToken);
        await AuditAsync(services, AuditEvents.PasswordSet, account);
        return "password set, sessions ended";
    }

    private static async Task<string> RemoveFactorsAsync(IServiceProvider services, Account account, CancellationToken cancellationToken)
    {
        await services.GetRequiredService<PlatformDatabase>().InTransactionAsync(db => SecondFactors.RemoveAllAsync(db, account.Name, cancellationToken), cancellationToken);
        await AuditAsync(services, AuditEvents.FactorsRemoved, account);
        return "second factors removed";
    }

    private static async Task<string> EndSessionsAsync(IServiceProvider services, Account account, CancellationToken cancellationToken)
    {
        var ended = await services.GetRequiredService<PlatformDatabase>().RunAsync(db => SignIns.EndAllAsync(db, account.Name, tenant: null, cancellationToken));
        await AuditAsync(services, AuditEvents.AllSessionsEnded, account);
        return FormattableString.Invariant($"{ended} sessions ended");
    }

    private static Task AuditAsync(IServiceProvider services, string happening, Account account) =>
        services.GetRequiredService<AuditLog>().DoneByCommandAsync(happening, new(account.Name, account.HomeTenant));
}
