namespace Microservices.Central.Tests;

/// <summary><c>central.users.create</c>.</summary>
public sealed class CreateUserTests(PeopleFixture fixture) : IClassFixture<PeopleFixture>
{
    private const string Create = "/api/method/central.users.create";
    private const string Password = "seven green bicycles under water";

    private readonly TestSite _site = fixture.Site;
    private readonly string _email = fixture.NextPerson() + "@new.example"; // nobody has it yet

    [Fact]
    public async Task User_IsMadeInTheCallersTenantWhateverTheRequestSays()
    {
        var made = await _site.PostJsonAsync(
            Create, new { email = _email, username = _email[..8] + "-made", full_name = "Eve", password = Password, roles = (string[])["Sales User"], tenant = "globex", user_id = "u-carol", name = "carol" }, await SidAsync("alice"));

        Assert.True(made.Status == HttpStatusCode.OK, made.Text);
        Assert.StartsWith("u-", made.Json.GetProperty("message").GetProperty("user_id").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await _site.TryLoginAsync(_email, Password)).Status);
        Assert.Equal(HttpStatusCode.OK, (await _site.GetAsync($"/api/resource/User/{_email[..8]}-made", await SidAsync("alice"))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _site.GetAsync($"/api/resource/User/{_email[..8]}-made", await SidAsync("carol"))).Status);
        Assert.Contains(_site.Logs.Lines, line => line.Contains("user created ok", StringComparison.Ordinal));
        Assert.DoesNotContain(_site.Logs.Lines, line => line.Contains(Password, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Roles_MayComeOneALine()
    {
        var made = await _site.PostFormAsync(Create, $"email={_email}&full_name=Eve&password={Password}&roles=Sales User%0ASystem Manager", await SidAsync("alice"));

        Assert.True(made.Status == HttpStatusCode.OK, made.Text);
        var user = (await _site.GetAsync("/api/resource/User/" + _email, await SidAsync("alice"))).Json.GetProperty("data");
        Assert.Equal(2, user.GetProperty("roles").GetArrayLength());
    }

    [Theory]
    [InlineData("""{"email":"EMAIL","full_name":"Eve","password":"seven green bicycles under water","roles":["Administrator"]}""", HttpStatusCode.Forbidden)]
    [InlineData("""{"email":"EMAIL","full_name":"Eve","password":"seven green bicycles under water","roles":["Nothing"]}""", HttpStatusCode.ExpectationFailed)]
    [InlineData("""{"email":"EMAIL","full_name":"Eve","password":"seven green bicycles under water","roles":["Sales User","Sales User"]}""", HttpStatusCode.ExpectationFailed)]
    [InlineData("""{"email":"bob@acme.example","full_name":"Eve","password":"seven green bicycles under water"}""", HttpStatusCode.Conflict)]
    [InlineData("""{"email":"carol","username":"carol","full_name":"Eve","password":"seven green bicycles under water"}""", HttpStatusCode.ExpectationFailed)]
    [InlineData("""{"email":"EMAIL","full_name":"Eve","password":"short"}""", HttpStatusCode.ExpectationFailed)]
    [InlineData("""{"email":"EMAIL","full_name":"Eve"}""", HttpStatusCode.ExpectationFailed)]
    [InlineData("{}", HttpStatusCode.ExpectationFailed)]
    [InlineData("[]", HttpStatusCode.BadRequest)]
    public async Task UserThatCannotBe_LeavesNothingBehind(string body, HttpStatusCode status)
    {
        var alice = await SidAsync("alice");

        Assert.Equal(status, (await _site.SendAsync(HttpMethod.Post, Create, Body.Text(body.Replace("EMAIL", _email, StringComparison.Ordinal), "application/json"), alice)).Status);

        Assert.Equal(HttpStatusCode.NotFound, (await _site.GetAsync("/api/resource/User/" + _email, alice)).Status);
        Assert.Equal(HttpStatusCode.OK, (await _site.PostJsonAsync(Create, new { email = _email, full_name = "Eve", password = Password }, alice)).Status);
    }

    [Fact]
    public async Task OthersThanManagers_MakeNobody()
    {
        var user = new { email = _email, full_name = "Eve", password = Password };

        Assert.Equal(HttpStatusCode.Forbidden, (await _site.PostJsonAsync(Create, user, await SidAsync("bob"))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _site.PostJsonAsync(Create, user, Credentials.Key(TestSeed.PairOf("alice-limited")))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.PostJsonAsync(Create, user)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _site.PostJsonAsync(Create, user, await SidAsync("alice"), ("Origin", "https://evil.example"))).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _site.GetAsync(Create, await SidAsync("alice"))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.TryLoginAsync(_email, Password)).Status);
    }

    private async Task<(string, string)> SidAsync(string user) => Credentials.Sid(await _site.LoginAsync(user));
}
