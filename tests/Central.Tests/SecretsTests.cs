using System.Text;

namespace Microservices.Central.Tests;

/// <summary>What was secret in a request is in no log line, and in no row but as a hash.</summary>
public sealed class SecretsTests : IAsyncLifetime
{
    private readonly SiteStorage _storage = new();

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _storage.DisposeAsync();

    [Fact]
    public async Task Secrets_AreInNoLogAndNotInTheDatabase()
    {
        var secrets = new List<string> { TestSeed.PasswordOf("alice"), TestSeed.SecretOf("acme-app"), "secret-of-bob-key" };
        IEnumerable<string> lines;
        await using (var site = await _storage.StartAsync(new SiteOptions { Seed = TestSeed.Of("alice", "bob") }))
        {
            var token = await site.TokenAsync("acme-app");
            var sid = await site.LoginAsync("alice");
            await site.TryLoginAsync("alice", "guess-canary-one", ("User-Agent", "agent\u0001\u001b[31m"));
            await site.PostFormAsync("/oauth/token", "grant_type=client_credentials&client_id=acme-app&client_secret=guess-canary-two");
            await site.IntrospectAsync("orders", sid, "session");
            await site.IntrospectAsync("orders", TestSeed.PairOf("bob-key"), "api_key");
            await site.GetAsync("/api/method/frappe.auth.get_logged_user", Credentials.Bearer(token + "x"));
            var made = (await site.PostFormAsync("/api/method/frappe.core.doctype.user.user.generate_keys", "", Credentials.Sid(sid))).Json.GetProperty("message");
            await site.PostJsonAsync("/api/method/central.provision_tenant", new { tenant = "new", tenant_name = "New", email = "x@new.example", full_name = "X", password = "weak-canary" }, Credentials.Bearer(await site.TokenAsync("signup")));
            await site.PostFormAsync("/oauth/revoke", "token=" + token, Credentials.Basic("acme-app", TestSeed.SecretOf("acme-app")));
            await site.PostFormAsync("/api/method/logout", "", Credentials.Sid(sid));
            secrets.AddRange(["guess-canary", "weak-canary", token.Split('.')[2], sid, made.GetProperty("api_secret").GetString()!]);
            lines = site.Logs.Lines;
        }

        Assert.All(secrets, secret => Assert.DoesNotContain(lines, line => line.Contains(secret, StringComparison.Ordinal)));
        Assert.DoesNotContain(lines, line => line.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')));
        if (_storage.DatabaseSettings["DATABASE"] == "sqlite")
        {
            var file = _storage.DatabaseSettings["DATABASE_CONNECTION"]!["Data Source=".Length..];
            var content = string.Concat(Directory.GetFiles(Path.GetDirectoryName(file)!, Path.GetFileName(file) + "*").Select(part => Encoding.Latin1.GetString(File.ReadAllBytes(part))));
            Assert.Contains("u-alice", content, StringComparison.Ordinal);
            Assert.All(secrets, secret => Assert.DoesNotContain(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(secret)), content, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Audit_TellsWhoDidWhat()
    {
        await using var site = await _storage.StartAsync(new SiteOptions { Seed = TestSeed.Of("alice", "bob") });
        await site.LoginAsync("alice");
        await site.TryLoginAsync("alice", "wrong");
        await site.TokenAsync("acme-app");
        await site.PostFormAsync("/oauth/token", "grant_type=client_credentials", Credentials.Basic("acme-app", "wrong"));
        await site.IntrospectAsync("bystander", await site.TokenAsync("acme-app"));

        string[] events = ["login ok, user u-alice, tenant acme", "login refused, user u-alice", "token issued ok", "client authentication refused", "introspection refused"];
        Assert.All(events, happening => Assert.Contains(site.Logs.Lines, line => line.StartsWith("Audit: " + happening, StringComparison.Ordinal)));
        Assert.Contains(site.Logs.Lines, line => line.StartsWith("Audit: login ok", StringComparison.Ordinal) && line.Contains("address 127.0.0.1", StringComparison.Ordinal));
    }
}
