namespace Microservices.Central.Tests;

/// <summary>What managers of a tenant do on pages.</summary>
public sealed class ManagePagesTests(PeopleFixture fixture) : IClassFixture<PeopleFixture>, IAsyncLifetime
{
    private readonly TestSite _site = fixture.Site;
    private readonly string _someone = fixture.NextPerson();
    private Browser _alice = null!;

    private string PageOfSomeone => "/manage/users/edit?user=" + _someone;

    public async ValueTask InitializeAsync() => _alice = await fixture.LoginAsync("alice");

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task Users_AreThoseOfTheOwnTenant()
    {
        var page = await _alice.GetAsync("/manage/users?search=bob");

        Assert.Contains("bob@acme.example", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("carol", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("/admin", page.Text, StringComparison.Ordinal);
        Assert.Contains("No user is found", (await _alice.GetAsync("/manage/users?search=carol")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await _alice.GetAsync("/manage/users/edit?user=carol")).Status);
    }

    [Fact]
    public async Task NewUser_CanSignInAndHasTheRoles()
    {
        var made = await _alice.FillInAsync(
            "/manage/users/new", ("email", "Eve@Acme.example"), ("full_name", "Eve"), ("language", "nl"), ("role-0", "Sales User"), ("password", "seven green bicycles under water"));

        Assert.Equal("/manage/users/edit?user=eve%40acme.example&done=made", made.Header("Location"));
        var login = await _site.TryLoginAsync("eve@acme.example", "seven green bicycles under water");
        var who = (await _site.GetAsync("/api/method/auth.whoami", Credentials.Sid(login.Cookie("sid")!))).Json.GetProperty("message");
        Assert.Equal(("acme", "Sales User"), (who.GetProperty("tenant").GetString(), who.GetProperty("roles")[0].GetString()));
    }

    [Theory]
    [InlineData("email", "no address", HttpStatusCode.BadRequest, "The e-mail address is none")]
    [InlineData("email", "carol@globex.example", HttpStatusCode.Conflict, "is there already")]
    [InlineData("username", "BOB", HttpStatusCode.Conflict, "is there already")]
    [InlineData("username", "u-bob", HttpStatusCode.BadRequest, "The user name can be none")]
    [InlineData("full_name", " ", HttpStatusCode.BadRequest, "The name is missing")]
    [InlineData("password", "short", HttpStatusCode.BadRequest, "at least 15 characters")]
    [InlineData("role-0", "Administrator", HttpStatusCode.Forbidden, "Only who has the role Administrator")]
    [InlineData("role-0", "Platform Administrator", HttpStatusCode.Forbidden, "Only who has the role Platform Administrator")]
    [InlineData("role-0", "No Such Role", HttpStatusCode.BadRequest, "No Such Role")]
    public async Task UserThatCannotBe_IsRefusedBesideTheForm(string field, string value, HttpStatusCode status, string message)
    {
        var form = new Dictionary<string, string> { ["email"] = "refused@acme.example", ["full_name"] = "Eve", ["password"] = "seven green bicycles under water" };
        form[field] = value;

        var answer = await _alice.FillInAsync("/manage/users/new", [.. form.Select(pair => (pair.Key, pair.Value))]);

        Assert.Equal(status, answer.Status);
        Assert.Contains(message, answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("bicycles", answer.Text, StringComparison.Ordinal);
        Assert.Contains("No user is found", (await _alice.GetAsync("/manage/users?search=refused")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task User_IsChangedWithRoles()
    {
        var sid = await _site.LoginAsync(_someone);

        var saved = await _alice.FillInAsync(PageOfSomeone, ("action", "save"), ("full_name", "Robert"), ("language", "ar"), ("role-0", "Sales User"));

        Assert.Equal(PageOfSomeone + "&done=saved", saved.Header("Location"));
        var who = (await _site.GetAsync("/api/method/auth.whoami", Credentials.Sid(sid))).Json.GetProperty("message");
        Assert.Equal(["Sales User"], who.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        var page = await _alice.GetAsync(PageOfSomeone);
        Assert.Contains("value=\"Robert\"", page.Text, StringComparison.Ordinal);
        Assert.Matches("value=\"Sales User\" checked", page.Text);
        Assert.DoesNotMatch("value=\"System Manager\" checked", page.Text);
    }

    [Fact]
    public async Task RightsOneHasNot_AreNeitherGivenNorTaken()
    {
        const string ada = "/manage/users/edit?user=ada";
        Assert.Equal(HttpStatusCode.Forbidden, (await _alice.FillInAsync(PageOfSomeone, ("action", "save"), ("full_name", "Bob"), ("role-0", "Administrator"))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _alice.FillInAsync(ada, ("action", "save"), ("full_name", "Ada"))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _alice.FillInAsync(ada, ("action", "disable"))).Status);
        var sid = await _site.LoginAsync("ada");
        Assert.Equal(HttpStatusCode.Forbidden, (await _alice.FillInAsync(ada, ("action", "sessions"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await _site.GetAsync("/api/method/frappe.auth.get_logged_user", Credentials.Sid(sid))).Status);
    }

    [Fact]
    public async Task User_IsSignedOutDisabledAndEnabled()
    {
        var sid = await _site.LoginAsync(_someone);
        Assert.Equal(HttpStatusCode.SeeOther, (await _alice.FillInAsync(PageOfSomeone, ("action", "sessions"))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _site.GetAsync("/api/method/frappe.auth.get_logged_user", Credentials.Sid(sid))).Status);

        Assert.Equal(HttpStatusCode.SeeOther, (await _alice.FillInAsync(PageOfSomeone, ("action", "disable"))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.TryLoginAsync(_someone, TestSeed.PasswordOf(_someone))).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await _alice.FillInAsync(PageOfSomeone, ("action", "enable"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await _site.TryLoginAsync(_someone, TestSeed.PasswordOf(_someone))).Status);

        Assert.Equal(HttpStatusCode.BadRequest, (await _alice.FillInAsync("/manage/users/edit?user=alice", ("action", "disable"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _alice.FillInAsync(PageOfSomeone, ("action", "explode"))).Status);
    }

    [Fact]
    public async Task Role_DemandsASecondFactorAndIsDeleted()
    {
        Task<Answer> DoAsync(string action, string role) => _alice.FillInAsync("/manage/roles", ("action", action), ("role_name", role));
        async Task<string> PageAsync() => (await _alice.GetAsync("/manage/roles?search=Night")).Text;
        await DoAsync("make", "Night Watch");

        Assert.Equal("/manage/roles?done=saved", (await DoAsync("require", "Night Watch")).Header("Location"));
        Assert.Contains("Required", await PageAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await DoAsync("waive", "Night Watch")).Status);
        Assert.DoesNotContain("Required", await PageAsync(), StringComparison.Ordinal);
        Assert.Equal("/manage/roles?done=deleted", (await DoAsync("delete", "Night Watch")).Header("Location"));
        Assert.Contains("No role is found", await PageAsync(), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.BadRequest, (await DoAsync("delete", "Sales User")).Status); // users have it
        Assert.Equal(HttpStatusCode.NotFound, (await DoAsync("require", "Night Watch")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await DoAsync("", "Sales User")).Status);
    }

    [Fact]
    public async Task Role_IsMadeAndReservedOnesAreNot()
    {
        Assert.Equal("/manage/roles?done=made", (await _alice.FillInAsync("/manage/roles", ("action", "make"), ("role_name", "Stock \"User\""))).Header("Location"));
        Assert.Contains("Stock &quot;User&quot;", (await _alice.GetAsync("/manage/roles")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Stock", (await (await fixture.LoginAsync("carol")).GetAsync("/manage/roles")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await _alice.FillInAsync("/manage/roles", ("action", "make"), ("role_name", "Sales User"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _alice.FillInAsync("/manage/roles", ("action", "make"), ("role_name", "Platform Administrator"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _alice.FillInAsync("/manage/roles", ("action", "make"), ("role_name", ""))).Status);
    }
}
