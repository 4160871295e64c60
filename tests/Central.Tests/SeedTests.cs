using System.Text.Json.Nodes;
using Microservices.Hosting;

namespace Microservices.Central.Tests;

public sealed class SeedTests : IAsyncLifetime
{
    private readonly SiteStorage _storage = new();

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _storage.DisposeAsync();

    [Fact]
    public async Task SecondStart_ChangesNothingAndUndoesNothing()
    {
        string before;
        await using (var first = await _storage.StartAsync())
        {
            await PutAsync(first, "User/bob", """{"full_name":"Robert","enabled":0}""", "alice");
            before = await SnapshotAsync(first);
        }

        await using var second = await _storage.StartAsync();

        Assert.Equal(before, await SnapshotAsync(second));
        Assert.Contains("Robert", before, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await second.TryLoginAsync("carol", TestSeed.PasswordOf("carol"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await second.AskForTokenAsync("acme-app")).Status);
    }

    [Fact]
    public async Task Seed_IsRefusedInProduction()
    {
        var error = await FailAsync(new SiteOptions { Environment = "Production", Settings = new Dictionary<string, string> { ["CENTRAL_KEK"] = Convert.ToBase64String([.. Enumerable.Range(0, 32).Select(i => (byte)i)]) } });

        Assert.StartsWith("CENTRAL_SEED is for development and tests", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "is not JSON of the right shape")]
    [InlineData("{", "is not JSON of the right shape")]
    [InlineData("null", "must be a JSON object")]
    [InlineData("[]", "is not JSON of the right shape")]
    [InlineData("""{"users":{}}""", "$.users")]
    [InlineData("""{"users":[{"password":12345}]}""", "$.users[0].password")]
    [InlineData("""{"users":[{"roles":"System Manager"}]}""", "$.users[0].roles")]
    [InlineData("""{"users":[],"users":[]}""", "is not JSON of the right shape")]
    [InlineData("""{"clients":[{"client_id":"x","grant_types":"client_credentials"}]}""", "$.clients[0].grant_types")]
    [InlineData("""{"settings":{"login_lockout_s":"soon"}}""", "settings.login_lockout_s of the seed must be a whole number")]
    [InlineData("""{"settings":{"access_token_lifetime_s":3601}}""", "settings.access_token_lifetime_s of the seed must be a whole number from 1 to 3600")]
    [InlineData("""{"tenants":[{"name":"x"}]}""", "tenants[0]: id is missing")]
    [InlineData("""{"tenants":[{"id":"Not A Tenant"}]}""", "tenants[0]: id must be")]
    [InlineData("""{"users":[{"username":"x","tenant":"platform"}]}""", "users[0]: password is missing")]
    [InlineData("""{"users":[{"username":"x","password":"y","tenant":"nowhere"}]}""", "users[0]: Could not find")]
    [InlineData("""{"users":[{"id":"x","username":"x","password":"y","tenant":"platform"}]}""", "users[0]: id must start with u-")]
    [InlineData("""{"clients":[{"client_id":"u-x","client_secret":"y"}]}""", "clients[0]: A client_id cannot start with u-")]
    [InlineData("""{"clients":[{"client_id":"x","token_endpoint_auth_method":"client_secret_basic"}]}""", "clients[0]: client_secret is missing")]
    [InlineData("""{"api_keys":[{"key":"x","secret":"y","user":"nobody"}]}""", "api_keys[0]: user names no user")]
    public async Task BrokenSeed_StopsTheStartWithOneLine(string seed, string message)
    {
        var error = await FailAsync(new SiteOptions { RawSeed = seed });

        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error);
        Assert.DoesNotContain("12345", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MissingFile_StopsTheStart()
    {
        var error = await FailAsync(new SiteOptions { Seed = null, Settings = new Dictionary<string, string> { ["CENTRAL_SEED"] = Path.Combine(_storage.Folder, "missing.json") } });

        Assert.Contains("cannot be read", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EntryThatFails_LeavesNoHalfOfItself()
    {
        const string user = """{"username":"half","password":"y","tenant":"platform","roles":["ROLE"]}""";
        await FailAsync(new SiteOptions { RawSeed = $$"""{"users":[{{user.Replace("ROLE", "Bad<Role>", StringComparison.Ordinal)}}]}""" });

        await using var site = await _storage.StartAsync(new SiteOptions { RawSeed = $$"""{"users":[{{user.Replace("ROLE", "Good Role", StringComparison.Ordinal)}}]}""" });

        Assert.Equal(HttpStatusCode.OK, (await site.TryLoginAsync("half", "y")).Status);
    }

    [Fact]
    public async Task UnknownMembers_AreIgnoredWithAWarning()
    {
        await using var site = await _storage.StartAsync(new SiteOptions
        {
            RawSeed = """{"settings":{"shoe_size":44},"colour":1,"tenants":[{"id":"acme","shape":2}],"clients":[{"client_id":"later","client_secret":"s","logo_uri":"https://x.example/"}]}""",
        });

        var warning = Assert.Single(site.Logs.Lines, line => line.StartsWith("The seed holds members", StringComparison.Ordinal));
        Assert.All((string[])["settings.shoe_size", "colour", "tenants.shape", "clients.logo_uri"], member => Assert.Contains(member, warning, StringComparison.Ordinal));
    }

    private async Task<string> FailAsync(SiteOptions options) => (await Assert.ThrowsAsync<StartupException>(() => _storage.StartAsync(options))).Message;

    private static async Task PutAsync(TestSite site, string path, string change, string user) =>
        Assert.Equal(HttpStatusCode.OK, (await site.SendAsync(HttpMethod.Put, "/api/resource/" + path, Body.Text(change, "application/json"), Credentials.Sid(await site.LoginAsync(user)))).Status);

    /// <summary>Everything that is served of users, roles, tenants, clients and keys, with the times of the last change.</summary>
    private static async Task<string> SnapshotAsync(TestSite site)
    {
        var parts = new JsonArray();
        foreach (var (user, docTypes) in new[] { ("root", (string[])["Tenant", "OAuth Client", "API Key", "User", "Role"]), ("alice", ["User", "Role"]), ("carol", ["User", "Role"]) })
        {
            var sid = await site.LoginAsync(user);
            foreach (var docType in docTypes)
            {
                parts.Add((await site.GetAsync($"/api/resource/{docType}?fields=[\"*\"]&limit=100", Credentials.Sid(sid))).Text);
            }
        }

        return parts.ToJsonString();
    }
}
