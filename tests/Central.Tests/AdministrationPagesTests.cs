using System.Text.RegularExpressions;

namespace Microservices.Central.Tests;

/// <summary>What people with the role Platform Administrator do on pages.</summary>
public sealed partial class AdministrationPagesTests(PeopleFixture fixture) : IClassFixture<PeopleFixture>, IAsyncLifetime
{
    private const string NewClient = "/admin/clients/new";

    private readonly TestSite _site = fixture.Site;
    private readonly string _someone = fixture.NextPerson();
    private Browser _root = null!;

    private string PageOfSomeone => "/admin/users/edit?user=u-" + _someone;

    public async ValueTask InitializeAsync() => _root = await fixture.LoginAsync("root");

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task Tenant_IsMadeWithItsFirstAdministratorWhoCanSignIn()
    {
        (string, string)[] form = [("tenant", "initech"), ("tenant_name", "Initech"), ("email", "Peter@Initech.example"), ("full_name", "Peter"), ("password", "seven green bicycles under water")];

        Assert.Equal(HttpStatusCode.SeeOther, (await _root.FillInAsync("/admin/tenants/new", form)).Status);

        Assert.Contains("Initech", (await _root.GetAsync("/admin/tenants?search=initech")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await _site.TryLoginAsync("peter@initech.example", "seven green bicycles under water")).Status);
        var again = await _root.FillInAsync("/admin/tenants/new", form);
        Assert.Equal(HttpStatusCode.Conflict, again.Status);
        Assert.Contains("value=\"Peter@Initech.example\"", again.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("seven green bicycles", again.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tenant_IsRenamedDisabledAndEnabled()
    {
        const string page = "/admin/tenants/edit?tenant=acme";

        await _root.FillInAsync(page, ("action", "save"), ("tenant_name", "Acme Limited"));
        Assert.Contains("value=\"Acme Limited\"", (await _root.GetAsync(page)).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await _root.FillInAsync(page, ("action", "save"), ("tenant_name", " "))).Status);

        Assert.Equal(page + "&done=disabled", (await _root.FillInAsync(page, ("action", "disable"))).Header("Location"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.TryLoginAsync(_someone, TestSeed.PasswordOf(_someone))).Status);
        await _root.FillInAsync(page, ("action", "enable"));
        Assert.Equal(HttpStatusCode.OK, (await _site.TryLoginAsync(_someone, TestSeed.PasswordOf(_someone))).Status);

        var own = await _root.FillInAsync("/admin/tenants/edit?tenant=platform", ("action", "disable"));
        Assert.Equal(HttpStatusCode.BadRequest, own.Status);
        Assert.Contains("cannot be disabled", own.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PlatformTenant_CannotBeDisabledOverTheApiEither() => Assert.Equal(
        HttpStatusCode.ExpectationFailed,
        (await _site.SendAsync(HttpMethod.Put, "/api/resource/Tenant/platform", Body.Text("""{"enabled":0}""", "application/json"), Credentials.Sid(_root.Sid))).Status);

    [Fact]
    public async Task Client_IsMadeWithASecretThatIsShownOnce()
    {
        var shown = await _root.FillInAsync(NewClient, ClientForm("fresh", ("grant_types", "client_credentials\r\nrefresh_token"), ("scope", "orders.read"), ("tenant", "acme")));

        Assert.True(shown.Status == HttpStatusCode.OK, shown.Text);
        var secret = Secret(shown);
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync("fresh", secret)).Status);
        var page = await _root.GetAsync("/admin/clients/edit?client=fresh");
        Assert.DoesNotContain(secret, page.Text, StringComparison.Ordinal);
        Assert.Contains("client_credentials refresh_token", page.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await _root.FillInAsync(NewClient, ClientForm("fresh"))).Status);
    }

    [Fact]
    public async Task EveryFieldOfAClient_IsOnItsPageAndIsSaved()
    {
        const string page = "/admin/clients/edit?client=web";
        var before = await _root.GetAsync(page);
        string[] fields =
        [
            "client_name", "application_type", "token_endpoint_auth_method", "jwks", "redirect_uris", "post_logout_redirect_uris", "allowed_cors_origins", "grant_types",
            "response_types", "scope", "tenant", "roles", "resources", "introspects", "may_introspect_sessions", "may_introspect_api_keys", "first_party", "require_consent",
            "password_grant", "access_token_lifetime_s", "authorization_code_lifetime_s", "refresh_token_absolute_lifetime_s",
        ];
        Assert.All(fields, field => Assert.Contains($"name=\"{field}\"", before.Text, StringComparison.Ordinal));
        Assert.DoesNotContain("name=\"client_id\"", before.Text, StringComparison.Ordinal);

        var saved = await _root.FillInAsync(page, [("action", "save"), .. ClientForm(null, ("redirect_uris", "https://a.example/1\r\nhttps://b.example/2"), ("first_party", "1"), ("access_token_lifetime_s", "120"))]);

        Assert.Equal(page + "&done=saved", saved.Header("Location"));
        var stored = (await _site.GetAsync("/api/resource/OAuth Client/web", Credentials.Sid(_root.Sid))).Json.GetProperty("data");
        Assert.Equal("https://a.example/1\nhttps://b.example/2", stored.GetProperty("redirect_uris").GetString());
        Assert.Equal((1, 0, 120, 1), (Number("first_party"), Number("require_consent"), Number("access_token_lifetime_s"), Number("enabled")));

        int Number(string field) => stored.GetProperty(field).GetInt32();
    }

    [Theory]
    [InlineData("redirect_uris", "javascript:alert(1)", "cannot be a redirect address")]
    [InlineData("access_token_lifetime_s", "9999", "3600 at most")]
    [InlineData("access_token_lifetime_s", "soon", "must be a number")]
    [InlineData("application_type", "toaster", "toaster")]
    [InlineData("tenant", "nowhere", "nowhere")]
    public async Task ClientThatCannotBe_IsRefusedBesideTheFormAsItWasTyped(string field, string value, string message)
    {
        var answer = await _root.FillInAsync("/admin/clients/edit?client=web", [("action", "save"), .. ClientForm(null, (field, value), ("client_name", "Typed"), ("require_consent", "1"))]);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("role=\"alert\"", answer.Text, StringComparison.Ordinal);
        Assert.Contains(message, answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Typed", (await _root.GetAsync("/admin/clients")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_GetsANewSecretIsDisabledAndDeleted()
    {
        const string page = "/admin/clients/edit?client=narrow-app";

        var secret = Secret(await _root.FillInAsync(page, ("action", "secret")));
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync("narrow-app", secret)).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await _root.FillInAsync(page, ("action", "disable"))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await TokenAsync("narrow-app", secret)).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await _root.FillInAsync(page, ("action", "enable"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync("narrow-app", secret)).Status);
        Assert.Equal("/admin/clients?done=deleted", (await _root.FillInAsync(page, ("action", "delete"))).Header("Location"));
        Assert.Equal(HttpStatusCode.NotFound, (await _root.GetAsync(page)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await TokenAsync("narrow-app", secret)).Status);
    }

    [Fact]
    public async Task Account_IsFoundOverAllTenantsAndDisabledAndEnabled()
    {
        var found = await _root.GetAsync("/admin/users?search=acme.example");
        Assert.Contains("alice", found.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("carol", found.Text, StringComparison.Ordinal);
        var page = PageOfSomeone;
        var sid = await _site.LoginAsync(_someone);

        Assert.Equal(HttpStatusCode.SeeOther, (await _root.FillInAsync(page, ("action", "disable"))).Status);

        Assert.Equal(HttpStatusCode.Forbidden, (await _site.GetAsync("/api/method/frappe.auth.get_logged_user", Credentials.Sid(sid))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.GetAsync("/api/method/auth.whoami", Credentials.Key(TestSeed.PairOf(_someone + "-key")))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.TryLoginAsync(_someone, TestSeed.PasswordOf(_someone))).Status);
        await _root.FillInAsync(page, ("action", "enable"));
        Assert.Equal(HttpStatusCode.OK, (await _site.TryLoginAsync(_someone, TestSeed.PasswordOf(_someone))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.GetAsync("/api/method/auth.whoami", Credentials.Key(TestSeed.PairOf(_someone + "-key")))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _root.FillInAsync("/admin/users/edit?user=u-root", ("action", "disable"))).Status);
    }

    [Fact]
    public async Task SessionsOfAnAccount_AreEnded()
    {
        var sid = await _site.LoginAsync(_someone);

        Assert.Equal(HttpStatusCode.SeeOther, (await _root.FillInAsync(PageOfSomeone, ("action", "sessions"))).Status);

        Assert.Equal(HttpStatusCode.Forbidden, (await _site.GetAsync("/api/method/frappe.auth.get_logged_user", Credentials.Sid(sid))).Status);
        Assert.Equal(HttpStatusCode.OK, (await _root.GetAsync("/admin/users")).Status);
    }

    [Fact]
    public async Task Membership_IsMadeAndEnded()
    {
        var page = PageOfSomeone;
        var carol = Credentials.Sid(await _site.LoginAsync("carol"));

        Assert.Equal(HttpStatusCode.SeeOther, (await _root.FillInAsync(page, ("action", "join"), ("tenant", "globex"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await _site.GetAsync("/api/resource/User/" + _someone, carol)).Status);
        Assert.Contains("End the membership in globex", (await _root.GetAsync(page)).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await _root.FillInAsync(page, ("action", "leave"), ("tenant", "globex"))).Status);
        Assert.DoesNotContain("End the membership in globex", (await _root.GetAsync(page)).Text, StringComparison.Ordinal);

        foreach (var (action, tenant, status) in ((string, string, HttpStatusCode)[])[("join", "acme", HttpStatusCode.BadRequest), ("join", "nowhere", HttpStatusCode.BadRequest), ("leave", "globex", HttpStatusCode.NotFound)])
        {
            Assert.Equal(status, (await _root.FillInAsync(page, ("action", action), ("tenant", tenant))).Status);
        }
    }

    [Fact]
    public async Task AnyKey_IsListedAndRevoked()
    {
        Assert.Contains(_someone + "-key", (await _root.GetAsync("/admin/api-keys?search=" + _someone)).Text, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.SeeOther, (await _root.FillInAsync($"/admin/api-keys/edit?key={_someone}-key")).Status);

        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.GetAsync("/api/method/auth.whoami", Credentials.Key(TestSeed.PairOf(_someone + "-key")))).Status);
        Assert.Contains("Revoked", (await _root.GetAsync($"/admin/api-keys/edit?key={_someone}-key")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_PagesThrough()
    {
        for (var i = 0; i < 21; i++)
        {
            await _site.PostJsonAsync("/api/resource/OAuth Client", new { client_id = $"paged-{i:00}", client_name = "Paged & <b>counted</b>" }, Credentials.Sid(_root.Sid));
        }

        var first = await _root.GetAsync("/admin/clients?search=paged-");
        var second = await _root.GetAsync("/admin/clients?search=paged-&page=2");

        Assert.Contains("href=\"/admin/clients?search=paged-&amp;page=2\"", first.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("paged-20", first.Text, StringComparison.Ordinal);
        Assert.Contains("paged-20", second.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("rel=\"next\"", second.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", first.Text, StringComparison.Ordinal);
        Assert.Contains("No client is found", (await _root.GetAsync("/admin/clients?page=10000")).Text, StringComparison.Ordinal);
        foreach (var wrong in (string[])["page=0", "page=-1", "page=x", "page=99999999999", "page=1&page=2", "search=" + new string('x', 141)])
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await _root.GetAsync("/admin/clients?" + wrong)).Status);
        }
    }

    [Fact]
    public async Task WhatIsNotThere_IsNotFoundAndWhatIsNotAskedForIsRefused()
    {
        foreach (var missing in (string[])["/admin/tenants/edit?tenant=nowhere", "/admin/tenants/edit", "/admin/clients/edit?client=none", "/admin/api-keys/edit?key=none", "/admin/users/edit?user=u-none", "/admin/users/edit"])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await _root.GetAsync(missing)).Status);
        }

        foreach (var page in (string[])["/admin/tenants/edit?tenant=acme", "/admin/clients/edit?client=web", PageOfSomeone])
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await _root.FillInAsync(page, ("action", "explode"))).Status);
        }
    }

    private static (string Name, string Value)[] ClientForm(string? id, params (string Name, string Value)[] changes)
    {
        var form = new Dictionary<string, string>
        {
            ["client_name"] = "A client",
            ["application_type"] = "web",
            ["token_endpoint_auth_method"] = "client_secret_basic",
            ["response_types"] = "code",
            ["access_token_lifetime_s"] = "0",
            ["authorization_code_lifetime_s"] = "0",
            ["refresh_token_absolute_lifetime_s"] = "0",
        };
        if (id is not null)
        {
            (form["client_id"], form["require_consent"]) = (id, "1");
        }

        foreach (var (name, value) in changes)
        {
            form[name] = value;
        }

        return [.. form.Select(field => (field.Key, field.Value))];
    }

    private static string Secret(Answer page)
    {
        Assert.True(page.Status == HttpStatusCode.OK, page.Text);
        return SecretOnPage().Match(page.Text).Groups[1].Value;
    }

    private Task<Answer> TokenAsync(string client, string secret) => _site.PostFormAsync("/oauth/token", "grant_type=client_credentials", Credentials.Basic(client, secret));

    [GeneratedRegex("<dt>Client secret</dt>\\s*<dd><code>([^<]+)</code>")]
    private static partial Regex SecretOnPage();
}
