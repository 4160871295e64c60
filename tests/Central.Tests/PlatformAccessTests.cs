namespace Microservices.Central.Tests;

/// <summary>Tenants, clients and API keys over REST: for the platform's administrators, and never with a secret.</summary>
public sealed class PlatformAccessTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    private const string CreateSecret = "/api/method/central.clients.create_secret";

    private readonly TestSite _site = fixture.Site;

    [Theory]
    [InlineData("Tenant")]
    [InlineData("OAuth Client")]
    [InlineData("API Key")]
    public async Task DocTypesOfThePlatform_AreForItsAdministrators(string docType)
    {
        Assert.NotEmpty(await ListAsync(docType, "root"));
        Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync($"/api/resource/{docType}", "alice")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _site.GetAsync($"/api/resource/{docType}", Credentials.Bearer(await _site.TokenAsync("acme-app")))).Status);
        Assert.Empty(await ListAsync(docType, "ada")); // an Administrator is one of the own tenant, which has none
    }

    [Theory]
    [InlineData("Account")]
    [InlineData("Session")]
    [InlineData("Stored Secret")]
    [InlineData("Signing Key")]
    [InlineData("Revoked Token")]
    [InlineData("Has Role")]
    public async Task WhatHoldsHashesAndKeys_IsNotServed(string docType)
    {
        foreach (var user in (string[])["root", "ada"])
        {
            Assert.Contains((await GetAsync($"/api/resource/{docType}", user)).Status, (HttpStatusCode[])[HttpStatusCode.NotFound, HttpStatusCode.Forbidden]);
        }
    }

    [Fact]
    public async Task AdministratorOfATenant_MakesNothingOfThePlatform()
    {
        var ada = Credentials.Sid(await _site.LoginAsync("ada"));

        var answer = await _site.PostJsonAsync("/api/resource/OAuth Client", new { client_id = "mine", grant_types = "client_credentials", roles = "Tenant Provisioner" }, ada);

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _site.PostJsonAsync(CreateSecret, new { client_id = "acme-app" }, ada)).Status);
    }

    [Theory]
    [InlineData("""{"client_id":"u-fake"}""")]
    [InlineData("""{"client_id":"with space"}""")]
    [InlineData("""{"client_id":"äöü"}""")]
    [InlineData("""{"client_id":""}""")]
    [InlineData("""{"client_id":"x","tenant":"nowhere"}""")]
    [InlineData("""{"client_id":"x","token_endpoint_auth_method":"tls_client_auth"}""")]
    [InlineData("""{"client_id":"x","access_token_lifetime_s":3601}""")]
    [InlineData("""{"client_id":"x","scope":"a\"b"}""")]
    public async Task ClientThatCannotBe_Returns417(string client)
    {
        var answer = await _site.SendAsync(HttpMethod.Post, "/api/resource/OAuth Client", Body.Text(client, "application/json"), Credentials.Sid(await _site.LoginAsync("root")));

        Assert.Equal(HttpStatusCode.ExpectationFailed, answer.Status);
    }

    [Theory]
    [InlineData("porter", "Role", "System Manager", "Administrator", false)]
    [InlineData("porter", "Role", "System Manager", "Platform Administrator", true)]
    [InlineData("alice", "Role", "Sales User", "Administrator", false)]
    [InlineData("porter", "User", "root", "porter", true)]
    [InlineData("ada", "User", "bob", "robert", false)]
    [InlineData("root", "Tenant", "acme", "globex", true)]
    [InlineData("root", "OAuth Client", "web", "spa", true)]
    [InlineData("root", "API Key", "bob-key", "alice-key", true)]
    public async Task Rename_ChangesNothingThatStandsForRights(string user, string docType, string name, string newName, bool merge)
    {
        var answer = await _site.PostJsonAsync(
            "/api/method/frappe.client.rename_doc", new { doctype = docType, old_name = name, new_name = newName, merge }, Credentials.Sid(await _site.LoginAsync(user)));

        Assert.Equal(HttpStatusCode.ExpectationFailed, answer.Status);
        Assert.Contains("not allowed to be renamed", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Tenant")]
    [InlineData("OAuth Client")]
    [InlineData("API Key")]
    [InlineData("Tenant Membership")]
    [InlineData("Audit Event")]
    public async Task PermissionRowsOfATenant_DoNotOpenThePlatform(string docType)
    {
        var porter = Credentials.Sid(await _site.LoginAsync("porter"));

        var answer = await _site.PostJsonAsync("/api/resource/Custom DocPerm", new { parent_doctype = docType, role = "System Manager", read = 1, write = 1, create = 1 }, porter);

        Assert.Equal(HttpStatusCode.ExpectationFailed, answer.Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _site.GetAsync($"/api/resource/{docType}", porter)).Status);
    }

    [Fact]
    public async Task PlatformAdministrator_GivesNoClientRightsBeyondTheirOwn()
    {
        var root = Credentials.Sid(await _site.LoginAsync("root"));

        Assert.Equal(HttpStatusCode.Forbidden, (await _site.PostJsonAsync("/api/resource/OAuth Client", new { client_id = "strong", tenant = "acme", roles = "Administrator" }, root)).Status);
        Assert.Equal(HttpStatusCode.Created, (await _site.PostJsonAsync("/api/resource/OAuth Client", new { client_id = "weak", tenant = "acme", roles = "Sales User" }, root)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _site.SendAsync(HttpMethod.Put, "/api/resource/OAuth Client/weak", Body.Text("""{"roles":"Sales User\nAdministrator"}""", "application/json"), root)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _site.PostJsonAsync(CreateSecret, new { client_id = "almighty" }, root)).Status);
        Assert.Equal(HttpStatusCode.OK, (await _site.PostJsonAsync(CreateSecret, new { client_id = "weak" }, root)).Status);
    }

    [Theory]
    [InlineData("Platform Administrator")]
    [InlineData("Tenant Provisioner")]
    public async Task SystemManagerOfThePlatform_HasNoSayInItsPrivilegedRoles(string role)
    {
        var porter = Credentials.Sid(await _site.LoginAsync("porter"));
        var path = "/api/resource/Role/" + role;

        Assert.Equal(HttpStatusCode.Forbidden, (await _site.SendAsync(HttpMethod.Put, path, Body.Text("""{"require_second_factor":1}""", "application/json"), porter)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _site.SendAsync(HttpMethod.Delete, path, null, porter)).Status);
        Assert.Equal(0, (await _site.GetAsync(path, porter)).Json.GetProperty("data").GetProperty("require_second_factor").GetInt32());
    }

    private async Task<Answer> GetAsync(string path, string user) => await _site.GetAsync(path, Credentials.Sid(await _site.LoginAsync(user)));

    private async Task<IEnumerable<string?>> ListAsync(string docType, string user) =>
        [.. (await GetAsync($"/api/resource/{docType}", user)).Json.GetProperty("data").EnumerateArray().Select(row => row.GetProperty("name").GetString())];
}
