namespace Microservices.Central.Tests;

/// <summary>What the platform's administrators do with tenants and clients.</summary>
public sealed class PlatformResourceTests : IAsyncLifetime
{
    private const string CreateSecret = "/api/method/central.clients.create_secret";

    private readonly SiteStorage _storage = new();
    private TestSite _site = null!;

    public async ValueTask InitializeAsync() => _site = await _storage.StartAsync(new SiteOptions { Seed = TestSeed.Of("root", "alice", "bob") });

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        await _storage.DisposeAsync();
    }

    [Fact]
    public async Task NewClient_GetsSecretsThatOverlapAndNoMoreThanTwo()
    {
        var root = Credentials.Sid(await _site.LoginAsync("root"));
        var made = await _site.PostJsonAsync("/api/resource/OAuth Client", new { client_id = "new-app", grant_types = "client_credentials", tenant = "acme", roles = "Sales User", scope = "orders.read" }, root);
        Assert.Equal(HttpStatusCode.Created, made.Status);

        var secrets = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            secrets.Add((await _site.PostJsonAsync(CreateSecret, new { client_id = "new-app" }, root)).Json.GetProperty("message").GetProperty("client_secret").GetString()!);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await TokenAsync("new-app", secrets[0])).Status);
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync("new-app", secrets[1])).Status);
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync("new-app", secrets[2])).Status);
        var shown = await _site.GetAsync("/api/resource/OAuth Client/new-app", root);
        Assert.DoesNotContain("secret\"", shown.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("hash", shown.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DisabledOrDeletedClient_GetsNothingAndItsTokensAreInactive()
    {
        var root = Credentials.Sid(await _site.LoginAsync("root"));
        var token = await _site.TokenAsync("narrow-app");

        await _site.SendAsync(HttpMethod.Put, "/api/resource/OAuth Client/narrow-app", Body.Text("""{"enabled":0}""", "application/json"), root);

        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.AskForTokenAsync("narrow-app")).Status);
        Assert.False((await _site.IntrospectAsync("orders", token)).Json.GetProperty("active").GetBoolean());

        Assert.Equal(HttpStatusCode.Accepted, (await _site.SendAsync(HttpMethod.Delete, "/api/resource/OAuth Client/narrow-app", null, root)).Status);
        await _site.PostJsonAsync("/api/resource/OAuth Client", new { client_id = "narrow-app", grant_types = "client_credentials" }, root);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.AskForTokenAsync("narrow-app")).Status); // the old secret went with the old client
    }

    [Fact]
    public async Task DisabledTenant_LocksItsUsersAndClientsOut()
    {
        var root = Credentials.Sid(await _site.LoginAsync("root"));
        var alice = await _site.LoginAsync("alice");

        var answer = await _site.SendAsync(HttpMethod.Put, "/api/resource/Tenant/acme", Body.Text("""{"enabled":0}""", "application/json"), root);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.TryLoginAsync("bob", TestSeed.PasswordOf("bob"))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _site.GetAsync("/api/method/frappe.auth.get_logged_user", Credentials.Sid(alice))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.GetAsync("/api/method/auth.whoami", Credentials.Key(TestSeed.PairOf("bob-key")))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.AskForTokenAsync("acme-app")).Status);
        Assert.Equal(HttpStatusCode.OK, (await _site.AskForTokenAsync("globex-app")).Status);
    }

    private Task<Answer> TokenAsync(string client, string secret) => _site.PostFormAsync("/oauth/token", "grant_type=client_credentials", Credentials.Basic(client, secret));
}
