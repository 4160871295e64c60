using Central.Platform;
using Central.Sessions;
using Microservices.Documents;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Central.Tests;

/// <summary>Who did what, kept as rows that nobody changes.</summary>
public sealed class AuditTests : IAsyncLifetime
{
    private const string Resource = "/api/resource/Audit Event";

    private static readonly string[] s_fields = ["event", "outcome", "user_id", "tenant", "client", "reference", "address", "user_agent", "request_id", "time"];

    private readonly SiteStorage _storage = new();
    private readonly ManualTimeProvider _clock = new();
    private TestSite? _site;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private TestSite Site => _site!;

    public async ValueTask InitializeAsync() => _site = await _storage.StartAsync(new SiteOptions { Clock = _clock, Seed = Seed() });

    public async ValueTask DisposeAsync()
    {
        await Site.DisposeAsync();
        await _storage.DisposeAsync();
    }

    [Fact]
    public async Task Event_TellsWhoDidWhatWhenAndFromWhere()
    {
        var answer = await Site.TryLoginAsync("alice", TestSeed.PasswordOf("alice"), ("User-Agent", "tests/1"));

        var entry = Assert.Single(await FindAsync("login"));

        Assert.Equal(("ok", "u-alice", "acme", "127.0.0.1", "tests/1"), (Text(entry, "outcome"), Text(entry, "user_id"), Text(entry, "tenant"), Text(entry, "address"), Text(entry, "user_agent")));
        Assert.Equal(SessionStore.Hash(answer.Cookie("sid")!), Text(entry, "reference"));
        Assert.Equal(answer.Header("X-Frappe-Request-Id"), Text(entry, "request_id"));
        Assert.StartsWith("2030-01-01 12:00:00", Text(entry, "time"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusals_AreToldToo()
    {
        for (var i = 0; i < 5; i++)
        {
            await Site.TryLoginAsync("alice", "wrong");
        }

        await Site.TryLoginAsync("nobody", "wrong");
        await Site.PostFormAsync("/oauth/token", "grant_type=client_credentials", Credentials.Basic("acme-app", "guess"));
        await Site.PostFormAsync("/oauth/token", "grant_type=password", Credentials.Basic("acme-app", TestSeed.SecretOf("acme-app")));
        await Site.IntrospectAsync("bystander", "sid", "session");

        Assert.Equal(4, (await FindAsync("login", "u-alice")).Count);
        Assert.Equal("refused", Text(Assert.Single(await FindAsync("login, account locked")), "outcome"));
        Assert.Single(await FindAsync("login", ""));
        Assert.Equal("acme-app", Text(Assert.Single(await FindAsync("client authentication")), "client"));
        Assert.Equal("unsupported_grant_type", Text(Assert.Single(await FindAsync("token")), "reference"));
        Assert.Equal("bystander", Text(Assert.Single(await FindAsync("introspection")), "client"));
    }

    [Fact]
    public async Task WhatAdministratorsChange_IsTold_AndWhatFailsIsNot()
    {
        var root = await RootAsync();
        await Site.PostJsonAsync("/api/resource/OAuth Client", new { client_id = "new-app" }, root);
        await Site.PostJsonAsync("/api/resource/OAuth Client", new { client_id = "no good" }, root);
        await Site.SendAsync(HttpMethod.Put, "/api/resource/OAuth Client/new-app", Json(new { client_name = "New" }), root);
        await Site.SendAsync(HttpMethod.Delete, "/api/resource/OAuth Client/new-app", null, root);
        var alice = Credentials.Sid(await Site.LoginAsync("alice"));
        await Site.SendAsync(HttpMethod.Put, "/api/resource/User/bob", Json(new { enabled = 0 }), alice);

        Assert.Equal(("u-root", "platform", "OAuth Client new-app"), Act(Assert.Single(await FindAsync("record created"))));
        Assert.Equal(("u-root", "platform", "OAuth Client new-app"), Act(Assert.Single(await FindAsync("record deleted"))));
        var changes = await FindAsync("record changed");
        Assert.Equal([("u-root", "platform", "OAuth Client new-app"), ("u-alice", "acme", "User bob")], changes.Select(Act).OrderByDescending(act => act.Item1));
    }

    [Fact]
    public async Task Signing_Key_IsTold()
    {
        var kid = (await Site.GetAsync("/oauth/jwks")).Json.GetProperty("keys")[0].GetProperty("kid").GetString();

        Assert.Equal(kid, Text(Assert.Single(await FindAsync("signing key made")), "reference"));
    }

    [Fact]
    public async Task OnlyPlatformAdministrators_ReadEvents()
    {
        var alice = Credentials.Sid(await Site.LoginAsync("alice"));
        var ada = Credentials.Sid(await Site.LoginAsync("ada"));
        var name = Text((await FindAsync("login"))[0], "name");

        Assert.Equal(HttpStatusCode.Unauthorized, (await Site.GetAsync(Resource)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await Site.GetAsync(Resource, alice)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await Site.GetAsync($"{Resource}/{name}", alice)).Status);
        // Every permission of a tenant is none on the platform's rows.
        Assert.Empty((await Site.GetAsync(Resource, ada)).Json.GetProperty("data").EnumerateArray());
        Assert.Equal(HttpStatusCode.NotFound, (await Site.GetAsync($"{Resource}/{name}", ada)).Status);
        Assert.Equal(HttpStatusCode.OK, (await Site.GetAsync($"{Resource}/{name}", await RootAsync())).Status);
    }

    [Fact]
    public async Task NobodyChangesOrDeletesEvents()
    {
        await GiveRootEveryRightAsync();
        var root = await RootAsync();
        var ada = Credentials.Sid(await Site.LoginAsync("ada"));
        var before = await _storage.SqlAsync("select name from `tabAudit Event` order by name");
        var name = before[0];
        var path = $"{Resource}/{name}";
        foreach (var caller in ((string, string)[])[root, ada])
        {
            Answer[] answers =
            [
                await Site.PostJsonAsync(Resource, new { @event = "login", outcome = "ok", name = "forged" }, caller),
                await Site.SendAsync(HttpMethod.Put, path, Json(new { outcome = "refused" }), caller),
                await Site.SendAsync(HttpMethod.Delete, path, null, caller),
                await Site.PostJsonAsync("/api/v2/document/Audit Event", new { @event = "login", outcome = "ok", name = "forged" }, caller),
                await Site.SendAsync(HttpMethod.Patch, $"/api/v2/document/Audit Event/{name}", Json(new { outcome = "refused" }), caller),
                await Site.SendAsync(HttpMethod.Delete, $"/api/v2/document/Audit Event/{name}", null, caller),
                await Site.PostJsonAsync("/api/method/frappe.client.insert", new { doc = new { doctype = "Audit Event", name = "forged", @event = "login", outcome = "ok" } }, caller),
                await Site.PostJsonAsync("/api/method/frappe.client.set_value", new { doctype = "Audit Event", name, fieldname = "outcome", value = "refused" }, caller),
                await Site.PostJsonAsync("/api/method/frappe.client.delete", new { doctype = "Audit Event", name }, caller),
                await Site.PostJsonAsync("/api/method/frappe.client.rename_doc", new { doctype = "Audit Event", old_name = name, new_name = "gone" }, caller),
                await Site.PostJsonAsync("/api/v2/document/Audit Event/bulk_delete", new { names = before }, caller),
            ];

            Assert.All(answers, answer => Assert.InRange((int)answer.Status, 400, 499));
        }

        Assert.Equal(before, await _storage.SqlAsync("select name from `tabAudit Event` where name <= '" + before[^1] + "' order by name"));
        Assert.Empty(await _storage.SqlAsync("select name from `tabAudit Event` where name in ('forged', 'gone')"));
        Assert.Equal(await _storage.SqlAsync($"select creation from `tabAudit Event` where name = '{name}'"), await _storage.SqlAsync($"select modified from `tabAudit Event` where name = '{name}'"));
    }

    [Fact]
    public async Task EventsOfAUser_AreItsOwnAndTheNewestFirst()
    {
        await Site.LoginAsync("alice");
        await Site.LoginAsync("bob");
        _clock.Advance(TimeSpan.FromSeconds(1));
        await Site.TryLoginAsync("alice", "wrong");

        var entries = await Platform.RunAsync(db => AuditTrail.OfUserAsync(db, "u-alice", 10, Stop));

        Assert.Equal([("login", "refused"), ("login", "ok")], entries.Select(entry => (entry.Event, entry.Outcome)));
        Assert.Equal(_clock.GetUtcNow().UtcDateTime, entries[0].Time);
        Assert.Single(await Platform.RunAsync(db => AuditTrail.OfUserAsync(db, "u-alice", 1, Stop)));
    }

    [Fact]
    public async Task RefusalsOfNobody_FillTheTableOnlySoFar_AndUsersAreToldOfStill()
    {
        for (var i = 0; i < 110; i++)
        {
            await Site.PostFormAsync("/oauth/token", "grant_type=client_credentials", Credentials.Basic("invented", "x"));
        }

        await Site.TryLoginAsync("alice", "wrong");

        Assert.Equal("100", (await _storage.SqlAsync("select count(*) from `tabAudit Event` where event = 'client authentication'")).Single());
        Assert.Equal(110, Site.Logs.Lines.Count(line => line.Contains("client authentication refused", StringComparison.Ordinal)));
        Assert.Single(await FindAsync("login", "u-alice"));
    }

    [Fact]
    public async Task OldEvents_AreDeleted()
    {
        await Site.LoginAsync("alice");
        _clock.Skip(TimeSpan.FromHours(47));
        await Site.LoginAsync("bob");
        _clock.Advance(TimeSpan.FromHours(1));

        for (var minutes = 0; (await FindAsync("login", "u-alice")).Count > 0; minutes++)
        {
            Assert.True(minutes < 500, "The event is still there.");
            _clock.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(10, Stop);
        }

        Assert.Single(await FindAsync("login", "u-bob"));
    }

    [Fact]
    public async Task TextsOfStrangers_AreCutAndMadePrintable()
    {
        var id = "é\u0001" + new string('x', 5000);

        await Site.PostFormAsync("/oauth/token", "grant_type=client_credentials", Credentials.Basic(id, "guess"), ("User-Agent", new string('a', 5000)));

        var entry = Assert.Single(await FindAsync("client authentication"));
        Assert.Equal("é?" + new string('x', 138), Text(entry, "client"));
        Assert.Equal(200, Text(entry, "user_agent").Length);
    }

    [Fact]
    public async Task NoSecret_IsInTheEventsOrTheLog()
    {
        var login = await Site.TryLoginAsync("alice", TestSeed.PasswordOf("alice"));
        var (sid, device) = (login.Cookie("sid")!, login.Cookie("device")!);
        var token = await Site.TokenAsync("acme-app");
        await Site.IntrospectAsync("orders", sid, "session");
        await Site.IntrospectAsync("bystander", sid, "session");
        await Site.IntrospectAsync("bystander", TestSeed.PairOf("bob-key"), "api_key");
        await Site.PostFormAsync("/oauth/revoke", "token=" + token, Credentials.Basic("acme-app", TestSeed.SecretOf("acme-app")));
        await Site.TryLoginAsync("alice", "a wrong password of alice");
        await Site.PostFormAsync("/oauth/token", "grant_type=client_credentials", Credentials.Basic("acme-app", "a wrong secret of the app"));
        var key = (await Site.PostJsonAsync("/api/method/frappe.core.doctype.user.user.generate_keys", new { user = "alice" }, Credentials.Sid(sid))).Json.GetProperty("message");
        var made = (await Site.PostJsonAsync("/api/method/central.clients.create_secret", new { client_id = "acme-app" }, await RootAsync())).Json.GetProperty("message");
        await Site.PostFormAsync("/api/method/logout", "", Credentials.Sid(sid));

        var columns = string.Join(" || '|' || ", s_fields.Select(field => $"coalesce(`{field}`, '')"));
        var rows = await _storage.SqlAsync(TestDatabase.IsMariaDb ? $"select concat_ws('|', {string.Join(", ", s_fields.Select(field => $"`{field}`"))}) from `tabAudit Event`" : $"select {columns} from `tabAudit Event`");
        string[] secrets =
        [
            sid, device, token, token.Split('.')[2], TestSeed.PasswordOf("alice"), "a wrong password of alice", TestSeed.SecretOf("acme-app"), "a wrong secret of the app",
            "secret-of-bob-key", key.GetProperty("api_secret").GetString()!, made.GetProperty("client_secret").GetString()!,
        ];
        Assert.True(rows.Count > 10);
        foreach (var secret in secrets)
        {
            Assert.DoesNotContain(rows, row => row.Contains(secret, StringComparison.Ordinal));
            Assert.DoesNotContain(Site.Logs.Lines, line => line.Contains(secret, StringComparison.Ordinal));
        }
    }

    private static System.Text.Json.Nodes.JsonObject Seed()
    {
        var seed = TestSeed.Of("root", "ada", "alice", "bob");
        seed["settings"]!["audit_retention_days"] = 2;
        return seed;
    }

    private PlatformDatabase Platform => Site.Services.GetRequiredService<PlatformDatabase>();

    private static StringContent Json(object body) => new(JsonSerializer.Serialize(body), System.Text.Encoding.UTF8, "application/json");

    private static (string, string, string) Act(JsonElement entry) => (Text(entry, "user_id"), Text(entry, "tenant"), Text(entry, "reference"));

    private static string Text(JsonElement entry, string field) => entry.GetProperty(field).GetString()!;

    private async Task<(string, string)> RootAsync() => Credentials.Sid(await Site.LoginAsync("root"));

    private Task GiveRootEveryRightAsync() => Platform.RunAsync(db => db.TransactionAsync(
        async () =>
        {
            await db.InsertAsync(new global::Central.Users.Role { RoleName = "Administrator" }, ignorePermissions: true, Stop);
            await db.UpdateAsync<global::Central.Users.User>("root", user => user.Roles.Add(new() { Role = "Administrator" }), ignorePermissions: true, Stop);
        },
        Stop));

    /// <summary>The events of a name, asked for as an administrator does.</summary>
    private async Task<List<JsonElement>> FindAsync(string happening, string? userId = null)
    {
        var filters = userId is null ? $"[[\"event\",\"=\",\"{happening}\"]]" : $"[[\"event\",\"=\",\"{happening}\"],[\"user_id\",\"=\",\"{userId}\"]]";
        var root = await RootAsync();
        var answer = await Site.GetAsync($"{Resource}?fields=[\"*\"]&limit_page_length=100&filters={Uri.EscapeDataString(filters)}", root);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return [.. answer.Json.GetProperty("data").EnumerateArray().Where(entry => userId is not null || Text(entry, "user_id") != "u-root" || happening != "login")];
    }
}
