using System.CommandLine;
using System.Globalization;
using Central.Keys;
using Central.Platform;
using Central.Sessions;

namespace Central.Commands;

/// <summary><c>keys</c>: the keys that tokens are signed with.</summary>
internal static class KeyCommands
{
    public static Command Create(CommandRunner runner)
    {
        var list = new Command("list", "Lists the published keys, and which of them signs.");
        runner.Set(list, async (services, _, cancellationToken) => await ListAsync(await LoadAsync(services, cancellationToken), services.GetRequiredService<TimeProvider>(), runner.Console.Output));

        var rotate = new Command("rotate", "Makes a new key, which signs as soon as all processes and services can know it.");
        runner.Set(rotate, async (services, _, cancellationToken) =>
        {
            var key = await (await LoadAsync(services, cancellationToken)).RotateAsync(cancellationToken);
            await runner.Console.Output.WriteLineAsync($"Made key {key.Key.Kid}. It signs from {Text(key.SignsFrom)} on.");
        });

        var kid = new Argument<string>("kid") { Description = "The key's id, as `keys list` and the JWKS document show it." };
        var endSessions = new Option<bool>("--end-sessions") { Description = "Signs everybody out too." };
        var compromise = new Command("compromise", "Withdraws a key at once, and with it all tokens that it signed.") { kid, endSessions };
        runner.Set(compromise, async (services, result, cancellationToken) =>
        {
            var keys = await LoadAsync(services, cancellationToken);
            if (!await keys.CompromiseAsync(result.GetRequiredValue(kid), cancellationToken))
            {
                throw new CommandException("There is no such key.");
            }

            await runner.Console.Output.WriteLineAsync($"Withdrew key {result.GetRequiredValue(kid)}. Key {keys.Signing.Kid} signs; other processes follow within ten seconds, services within five minutes.");
            if (result.GetValue(endSessions))
            {
                await runner.Console.Output.WriteLineAsync($"Ended {await EndEverySessionAsync(services, cancellationToken)} sessions.");
            }
        });

        return new Command("keys", "The keys that tokens are signed with.") { list, rotate, compromise };
    }

    private static async Task<KeyRing> LoadAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var keys = services.GetRequiredService<KeyRing>();
        await keys.RefreshAsync(cancellationToken);
        return keys;
    }

    private static async Task ListAsync(KeyRing keys, TimeProvider time, TextWriter output)
    {
        var now = time.GetUtcNow();
        var signing = RotationSchedule.Signing(keys.All, now);
        foreach (var key in keys.All.Where(key => !RotationSchedule.IsRetired(keys.All, key, now)))
        {
            var state = key == signing ? "signs" : key.SignsFrom > now ? "next" : "past";
            await output.WriteLineAsync($"{key.Key.Kid}  {state,-5}  from {Text(key.SignsFrom)}");
        }
    }

    private static async Task<int> EndEverySessionAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var ended = await services.GetRequiredService<PlatformDatabase>().RunAsync(db => SignIns.EndEverybodysAsync(db, cancellationToken));
        await services.GetRequiredService<AuditLog>().DoneByCommandAsync(AuditEvents.AllSessionsEnded, new(Reference: "everybody"));
        return ended;
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
