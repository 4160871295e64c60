namespace Microservices.Central.Tests;

/// <summary>User and Role over REST: each tenant sees its own, and accounts are out of reach.</summary>
public sealed class UserAccessTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    private readonly TestSite _site = fixture.Site;

    [Fact]
    public async Task SystemManager_SeesTheUsersAndRolesOfTheOwnTenantOnly()
    {
        var carol = await SidAsync("carol");

        Assert.Equal(["carol"], await NamesAsync("User", carol));
        Assert.Equal(["System Manager"], await NamesAsync("Role", carol));
        var foreign = await GetAsync("/api/resource/User/bob", carol);
        var missing = await GetAsync("/api/resource/User/bab", carol);
        Assert.Equal(HttpStatusCode.NotFound, foreign.Status);
        Assert.Equal(missing.Json.GetProperty("message").GetString()!.Replace("bab", "bob", StringComparison.Ordinal), foreign.Json.GetProperty("message").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await PutAsync("User/bob", carol, """{"enabled":0}""")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await PutAsync("Role/Sales User", carol, """{"role_name":"x"}""")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _site.SendAsync(HttpMethod.Delete, "/api/resource/Role/Sales User", null, Credentials.Sid(carol))).Status);
    }

    [Fact]
    public async Task OtherRoles_SeeNoUsers()
    {
        var bob = await SidAsync("bob");

        Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync("/api/resource/User", bob)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync("/api/resource/User/bob", bob)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await PutAsync("User/bob", bob, """{"full_name":"x"}""")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await PutAsync("Role/Sales User", bob, """{"role_name":"x"}""")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.GetAsync("/api/resource/User")).Status);
    }

    [Fact]
    public async Task UsersAreNotMadeOrDeletedHere()
    {
        var alice = await SidAsync("alice");

        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _site.PostJsonAsync("/api/resource/User", new { name = "eve", user_id = "u-carol", full_name = "Eve", email = "eve@x.example" }, Credentials.Sid(alice))).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _site.SendAsync(HttpMethod.Delete, "/api/resource/User/bob", null, Credentials.Sid(alice))).Status);
    }

    [Theory]
    [InlineData("""{"user_id":"u-carol"}""")]
    [InlineData("""{"user_id":null,"email":""}""")]
    [InlineData("""{"user_id":"","tenant_id":"globex","name":"carol","owner":"carol"}""")]
    [InlineData("""{"email":"carol@globex.example","username":"carol","password_hash":"x"}""")]
    public async Task Account_CannotBeChangedThroughAUser(string change)
    {
        foreach (var manager in (string[])["alice", "ada"])
        {
            await PutAsync("User/bob", await SidAsync(manager), change); // accepted or refused, it has no effect
        }

        var bob = (await GetAsync("/api/resource/User/bob", await SidAsync("alice"))).Json.GetProperty("data");
        Assert.Equal(("u-bob", "bob@acme.example"), (bob.GetProperty("user_id").GetString(), bob.GetProperty("email").GetString()));
        Assert.Equal("""{"message":"bob"}""", (await GetAsync("/api/method/frappe.auth.get_logged_user", await SidAsync("bob"))).Text);
    }

    [Theory]
    [InlineData("Administrator")]
    [InlineData("administrator")]
    [InlineData("Platform Administrator")]
    [InlineData("Tenant Provisioner")]
    [InlineData("All")]
    [InlineData("Guest")]
    public async Task ReservedRole_IsNotForATenantToDefine(string role) =>
        Assert.Equal(HttpStatusCode.ExpectationFailed, (await _site.PostJsonAsync("/api/resource/Role", new { role_name = role }, Credentials.Sid(await SidAsync("carol")))).Status);

    [Fact]
    public async Task ForeignOrigin_ChangesNothing()
    {
        var alice = await SidAsync("alice");

        var answer = await _site.SendAsync(
            HttpMethod.Put, "/api/resource/User/bob", Body.Text("""{"full_name":"Mallory"}""", "application/json"), Credentials.Sid(alice), ("Origin", "https://evil.example"));

        Assert.Equal((HttpStatusCode.BadRequest, "CSRFTokenError"), (answer.Status, answer.ErrorType));
        Assert.Equal("The bob", (await GetAsync("/api/resource/User/bob", alice)).Json.GetProperty("data").GetProperty("full_name").GetString());
    }

    private Task<string> SidAsync(string user) => _site.LoginAsync(user);

    private Task<Answer> GetAsync(string path, string sid) => _site.GetAsync(path, Credentials.Sid(sid));

    private Task<Answer> PutAsync(string path, string sid, string change) =>
        _site.SendAsync(HttpMethod.Put, "/api/resource/" + path, Body.Text(change, "application/json"), Credentials.Sid(sid));

    private async Task<IEnumerable<string?>> NamesAsync(string docType, string sid) =>
        (await GetAsync("/api/resource/" + docType, sid)).Json.GetProperty("data").EnumerateArray().Select(row => row.GetProperty("name").GetString());
}
