using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Central.Platform;

namespace Central.Commands;

/// <summary><c>audit</c>: prints audit events, the newest first.</summary>
internal static class AuditCommand
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 100_000;

    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public static Command Create(CommandRunner runner)
    {
        var user = new Option<string?>("--user") { Description = "Only events of this user: name, e-mail address or user id." };
        var happening = new Option<string?>("--event") { Description = "Only events of this name, such as login." };
        var since = new Option<DateTimeOffset?>("--since") { Description = "Only events from this time on, such as 2030-01-31 or 2030-01-31T12:00:00Z; UTC when nothing else is said.", CustomParser = result => Time(result) };
        var limit = new Option<int>("--limit") { Description = "How many at most.", DefaultValueFactory = _ => DefaultLimit };
        limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > MaxLimit)
            {
                result.AddError($"--limit is a number from 1 to {MaxLimit}.");
            }
        });
        var json = new Option<bool>("--json") { Description = "Prints a JSON array." };

        var command = new Command("audit", "Prints who did what, the newest first.") { user, happening, since, limit, json };
        runner.Set(command, async (services, result, cancellationToken) =>
        {
            var userId = result.GetValue(user) is { } name ? (await UserCommands.FindAsync(services, name, cancellationToken)).Name : null;
            var query = new AuditQuery(userId, result.GetValue(happening), result.GetValue(since)?.UtcDateTime, result.GetValue(limit));
            var entries = await services.GetRequiredService<PlatformDatabase>().RunAsync(db => AuditTrail.FindAsync(db, query, cancellationToken));
            if (result.GetValue(json))
            {
                await runner.Console.Output.WriteLineAsync(JsonSerializer.Serialize(entries, s_json));
                return;
            }

            foreach (var entry in entries)
            {
                await runner.Console.Output.WriteLineAsync(Line(entry));
            }
        });
        return command;
    }

    private static DateTimeOffset? Time(System.CommandLine.Parsing.ArgumentResult result)
    {
        if (DateTimeOffset.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return time;
        }

        result.AddError("--since is a time such as 2030-01-31 or 2030-01-31T12:00:00Z.");
        return null;
    }

    private static string Line(AuditEntry entry)
    {
        (string Name, string Value)[] parts =
        [
            ("user", entry.UserId), ("tenant", entry.Tenant), ("client", entry.Client), ("reference", entry.Reference), ("address", entry.Address), ("agent", entry.UserAgent),
            ("request", entry.RequestId),
        ];
        var known = parts.Where(part => part.Value.Length > 0).Select(part => $"{part.Name}={part.Value}");
        return $"{entry.Time.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)}  {entry.Event}  {entry.Outcome}  {string.Join("  ", known)}";
    }
}
