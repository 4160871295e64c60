namespace Microservices.Central.Tests;

/// <summary>What managers of a tenant do with its users.</summary>
public sealed class UserResourceTests : IAsyncLifetime
{
    private readonly SiteStorage _storage = new();
    private TestSite _site = null!;

    public async ValueTask InitializeAsync() => _site = await _storage.StartAsync(new SiteOptions { Seed = TestSeed.Of("alice", "bob", "ada") });

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        await _storage.DisposeAsync();
    }

    [Fact]
    public async Task Roles_AreGivenByNameAndCountAtOnce()
    {
        var (alice, bob) = (await SidAsync("alice"), await SidAsync("bob"));

        Assert.Equal(HttpStatusCode.Created, (await _site.PostJsonAsync("/api/resource/Role", new { role_name = "Stock User" }, Credentials.Sid(alice))).Status);
        Assert.Equal(HttpStatusCode.OK, (await PutAsync("User/bob", alice, """{"roles":[{"role":"Sales User"},{"role":"Stock User"}]}""")).Status);

        Assert.Equal(["Sales User", "Stock User"], await RolesAsync(bob));
        Assert.Equal(HttpStatusCode.ExpectationFailed, (await PutAsync("User/bob", alice, """{"roles":[{"role":"No Such Role"}]}""")).Status);
        Assert.Equal(HttpStatusCode.ExpectationFailed, (await PutAsync("User/bob", alice, """{"roles":[{"role":"Sales User"},{"role":"sales user"}]}""")).Status);
        Assert.Equal(HttpStatusCode.ExpectationFailed, (await _site.SendAsync(HttpMethod.Delete, "/api/resource/Role/Stock User", null, Credentials.Sid(alice))).Status);
        Assert.Equal(["Sales User", "Stock User"], await RolesAsync(bob));
    }

    [Fact]
    public async Task RightsOneHasNot_AreNeitherGivenNorTaken()
    {
        var alice = await SidAsync("alice");
        string[] changes = ["""{"roles":[{"role":"Administrator"}]}""", """{"roles":[{"role":"administrator"}]}"""];
        foreach (var change in changes)
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await PutAsync("User/alice", alice, change)).Status);
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await PutAsync("User/ada", alice, """{"enabled":0}""")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await PutAsync("User/ada", alice, """{"roles":[]}""")).Status);
        Assert.Equal(HttpStatusCode.OK, (await PutAsync("User/bob", await SidAsync("ada"), """{"roles":[{"role":"Administrator"}]}""")).Status);
    }

    [Fact]
    public async Task DisabledUser_IsSignedOutAtOnceAndStaysSoWhenEnabledAgain()
    {
        var (alice, bob) = (await SidAsync("alice"), await SidAsync("bob"));

        Assert.Equal(HttpStatusCode.OK, (await PutAsync("User/bob", alice, """{"enabled":0}""")).Status);

        Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync("/api/method/frappe.auth.get_logged_user", bob)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.GetAsync("/api/method/auth.whoami", Credentials.Key(TestSeed.PairOf("bob-key")))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.TryLoginAsync("bob", TestSeed.PasswordOf("bob"))).Status);

        Assert.Equal(HttpStatusCode.OK, (await PutAsync("User/bob", alice, """{"enabled":1}""")).Status);

        Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync("/api/method/frappe.auth.get_logged_user", bob)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.GetAsync("/api/method/auth.whoami", Credentials.Key(TestSeed.PairOf("bob-key")))).Status);
        Assert.Equal(HttpStatusCode.OK, (await _site.TryLoginAsync("bob", TestSeed.PasswordOf("bob"))).Status);
    }

    private Task<string> SidAsync(string user) => _site.LoginAsync(user);

    private Task<Answer> GetAsync(string path, string sid) => _site.GetAsync(path, Credentials.Sid(sid));

    private Task<Answer> PutAsync(string path, string sid, string change) =>
        _site.SendAsync(HttpMethod.Put, "/api/resource/" + path, Body.Text(change, "application/json"), Credentials.Sid(sid));

    private async Task<IEnumerable<string?>> RolesAsync(string sid) =>
        (await GetAsync("/api/method/auth.whoami", sid)).Json.GetProperty("message").GetProperty("roles").EnumerateArray().Select(role => role.GetString());
}
