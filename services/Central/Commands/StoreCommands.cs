using System.CommandLine;
using System.Text.Json;
using Central.Platform;

namespace Central.Commands;

/// <summary><c>store</c>: what the database holds, for tests and for who helps an operator. No secret, hash or key is in it.</summary>
internal static class StoreCommands
{
    private const int MaxRows = 10_000;

    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    /// <summary>The fields that are shown, by DocType. What is not named here is counted and not shown: a new DocType may hold secrets.</summary>
    private static readonly Dictionary<string, string[]> s_shown = new(StringComparer.Ordinal)
    {
        ["Tenant"] = ["name", "tenant_name", "enabled"],
        ["Account"] = ["name", "username", "email", "enabled", "home_tenant"],
        ["OAuth Client"] = ["name", "client_name", "enabled", "token_endpoint_auth_method", "grant_types", "scope", "tenant", "roles", "resources", "introspects"],
        ["API Key"] = ["name", "user_id", "tenant", "label", "enabled", "scope", "roles", "expires_at"],
        ["Session"] = ["user_id", "creation", "last_seen", "ends_at"],
        ["Signing Key"] = ["kid", "signs_from"],
        ["Role"] = ["name"],
        ["User"] = ["name", "user_id", "email", "full_name", "enabled"],
    };

    public static Command Create(CommandRunner runner)
    {
        var dump = new Command("dump", "Prints how many rows there are, and those that hold no secrets, as JSON.");
        runner.Set(dump, async (services, _, cancellationToken) =>
            await runner.Console.Output.WriteLineAsync(JsonSerializer.Serialize(await ReadAsync(services, cancellationToken), s_json)));
        return new Command("store", "What the database holds.") { dump };
    }

    private static async Task<Dictionary<string, Dictionary<string, object>>> ReadAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var platform = services.GetRequiredService<PlatformDatabase>();
        var tenants = await platform.RunAsync(db => db.GetAllAsync("Tenant", new() { Limit = MaxRows, OrderBy = "name asc" }, cancellationToken));
        var dump = new Dictionary<string, Dictionary<string, object>>(StringComparer.Ordinal);
        foreach (var tenant in tenants.Select(row => row.Get<string>("name")!))
        {
            dump[tenant] = await platform.RunAsync(new Tenant(tenant), db => ReadAsync(db, cancellationToken));
        }

        return dump;
    }

    private static async Task<Dictionary<string, object>> ReadAsync(TenantDb db, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var docType in db.DocTypes.All.Where(docType => docType.Definition is { IsVirtual: false, IsTable: false, IsSingle: false }).OrderBy(docType => docType.Name, StringComparer.Ordinal))
        {
            var count = await db.CountAsync(docType.Name, cancellationToken: cancellationToken);
            if (count > 0)
            {
                var rows = s_shown.TryGetValue(docType.Name, out var fields)
                    ? await db.GetAllAsync(docType.Name, new() { Fields = fields, Limit = MaxRows, OrderBy = "name asc" }, cancellationToken)
                    : null;
                found[docType.Name] = new { count, rows = rows?.Select(row => row.ToDictionary(StringComparer.Ordinal)) };
            }
        }

        return found;
    }
}
