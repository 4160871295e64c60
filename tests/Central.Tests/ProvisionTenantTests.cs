namespace Microservices.Central.Tests;

public sealed class ProvisionTenantTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    private const string Path = "/api/method/central.provision_tenant";
    private const string Password = "seven quiet herons wade at dusk";

    private readonly TestSite _site = fixture.Site;

    [Fact]
    public async Task NewTenant_HasAFirstUserWhoManagesItAlone()
    {
        var answer = await ProvisionAsync(Tenant("initech"));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var made = answer.Json.GetProperty("message");
        Assert.Equal(("initech", "boss@initech.example"), (made.GetProperty("tenant").GetString(), made.GetProperty("user").GetString()));
        Assert.StartsWith("u-", made.GetProperty("user_id").GetString(), StringComparison.Ordinal);

        var sid = (await _site.TryLoginAsync("boss@initech.example", Password)).Cookie("sid")!;
        var who = (await _site.GetAsync("/api/method/auth.whoami", Credentials.Sid(sid))).Json.GetProperty("message");
        Assert.Equal(("initech", "session"), (who.GetProperty("tenant").GetString(), who.GetProperty("kind").GetString()));
        Assert.Equal(["System Manager"], who.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        Assert.Equal(["boss@initech.example"], await NamesAsync("User", sid));
        Assert.Equal(["System Manager"], await NamesAsync("Role", sid));
    }

    [Theory]
    [InlineData("acme-app")]
    [InlineData("globex-app")]
    [InlineData("mixed")] // has the role, but not in a token for another service
    public async Task TokenWithoutTheRole_Returns403(string client)
    {
        var answer = await _site.PostJsonAsync(Path, Tenant("never-" + client), Credentials.Bearer(await _site.TokenAsync(client, client == "mixed" ? "&resource=orders" : "")));

        // A token for orders alone is no token here at all.
        Assert.Equal(client == "mixed" ? HttpStatusCode.Unauthorized : HttpStatusCode.Forbidden, answer.Status);
    }

    [Fact]
    public async Task Users_MayNot()
    {
        foreach (var user in (string[])["alice", "ada", "root"])
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await _site.PostJsonAsync(Path, Tenant("never"), Credentials.Sid(await _site.LoginAsync(user)))).Status);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.PostJsonAsync(Path, Tenant("never"))).Status);
    }

    [Fact]
    public async Task TenantOrAddressThatIsThere_Returns409AndLeavesNothing()
    {
        Answer[] refused =
        [
            await ProvisionAsync(Tenant("acme")),
            await ProvisionAsync(Tenant("platform")),
            await ProvisionAsync(Tenant("umbrella", email: "ALICE@acme.example")),
            await ProvisionAsync(Tenant("umbrella", email: "Alice@Acme.Example ")),
        ];

        Assert.All(refused, answer => Assert.Equal((HttpStatusCode.Conflict, "DuplicateEntryError"), (answer.Status, answer.ErrorType)));
        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.TryLoginAsync("boss@acme.example", Password)).Status);
        Assert.Equal(HttpStatusCode.OK, (await _site.TryLoginAsync("alice", TestSeed.PasswordOf("alice"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await ProvisionAsync(Tenant("umbrella"))).Status);
    }

    [Theory]
    [InlineData("short but odd")]
    [InlineData("passwordpassword")]
    [InlineData("Password1234567890")]
    [InlineData("aaaaaaaaaaaaaaaaaaaa")]
    [InlineData("abcabcabcabcabcabc")]
    [InlineData("hoolihooliadministrator")]
    [InlineData("boss@hooli.example")]
    public async Task WeakPassword_Returns417AndIsNotEchoed(string password)
    {
        var answer = await ProvisionAsync(Tenant("hooli", password: password));

        Assert.Equal((HttpStatusCode.ExpectationFailed, "ValidationError"), (answer.Status, answer.ErrorType));
        Assert.DoesNotContain(password, answer.Text, StringComparison.OrdinalIgnoreCase);
        Assert.NotEqual(HttpStatusCode.OK, (await _site.TryLoginAsync("boss@hooli.example", password)).Status);
    }

    [Theory]
    [InlineData("tenant", "Upper")]
    [InlineData("tenant", "with space")]
    [InlineData("tenant", "-dash")]
    [InlineData("tenant", "../up")]
    [InlineData("tenant", "a'; drop table tabUser; --")]
    [InlineData("tenant", "")]
    [InlineData("tenant", null)]
    [InlineData("email", "no-address")]
    [InlineData("email", "two@at@signs")]
    [InlineData("email", "<script>@x.example")]
    [InlineData("email", null)]
    [InlineData("full_name", null)]
    [InlineData("tenant_name", "   ")]
    [InlineData("password", null)]
    public async Task MissingOrMalformedParameter_Returns417(string name, string? value)
    {
        var body = Tenant("wayne");
        body[name] = value;

        var answer = await ProvisionAsync(body);

        Assert.Equal(HttpStatusCode.ExpectationFailed, answer.Status);
        Assert.DoesNotContain(Password, answer.Text, StringComparison.Ordinal);
        Assert.NotEqual(HttpStatusCode.OK, (await _site.TryLoginAsync("boss@wayne.example", Password)).Status);
    }

    [Fact]
    public async Task TooLongName_LeavesNothingHalfMade()
    {
        var body = Tenant("stark");
        body["full_name"] = new string('x', 141);
        Assert.Equal(HttpStatusCode.ExpectationFailed, (await ProvisionAsync(body)).Status);

        Assert.Equal(HttpStatusCode.OK, (await ProvisionAsync(Tenant("stark"))).Status);
    }

    [Fact]
    public async Task SameTenantAtOnce_IsMadeOnce()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => ProvisionAsync(Tenant("race", email: $"boss{i}@race.example"))));

        Assert.Equal(1, answers.Count(answer => answer.Status == HttpStatusCode.OK));
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.OK), answer => Assert.Contains(answer.Status, (HttpStatusCode[])[HttpStatusCode.Conflict, HttpStatusCode.ServiceUnavailable]));
        var logins = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => _site.TryLoginAsync($"boss{i}@race.example", Password)));
        Assert.Equal(1, logins.Count(login => login.Status == HttpStatusCode.OK));
    }

    private async Task<Answer> ProvisionAsync(Dictionary<string, string?> body) => await _site.PostJsonAsync(Path, body, Credentials.Bearer(await _site.TokenAsync("signup")));

    private async Task<IEnumerable<string?>> NamesAsync(string docType, string sid) =>
        (await _site.GetAsync("/api/resource/" + docType, Credentials.Sid(sid))).Json.GetProperty("data").EnumerateArray().Select(row => row.GetProperty("name").GetString());

    private static Dictionary<string, string?> Tenant(string id, string? email = null, string password = Password) => new()
    {
        ["tenant"] = id,
        ["tenant_name"] = "The " + id,
        ["email"] = email ?? $"boss@{id}.example",
        ["full_name"] = "First Boss",
        ["password"] = password,
    };
}
