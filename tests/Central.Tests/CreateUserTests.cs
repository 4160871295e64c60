namespace Microservices.Central.Tests;

/// <summary><c>central.users.create</c>.</summary>
public sealed class CreateUserTests : IAsyncLifetime
{
    private const string Create = "/api/method/central.users.create";
    private const string Password = "seven green bicycles under water";

    private readonly SiteStorage _storage = new();
    private TestSite _site = null!;

    public async ValueTask InitializeAsync() => _site = await _storage.StartAsync(new SiteOptions { Seed = TestSeed.Of("alice", "bob", "carol", "root") });

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        await _storage.DisposeAsync();
    }

    [Fact]
    public async Task User_IsMadeInTheCallersTenantWhateverTheRequestSays()
    {
        var made = await _site.PostJsonAsync(
            Create, new { email = "eve@acme.example", username = "eve", full_name = "Eve", password = Password, roles = (string[])["Sales User"], tenant = "globex", user_id = "u-carol", name = "carol" }, await SidAsync("alice"));

        Assert.True(made.Status == HttpStatusCode.OK, made.Text);
        Assert.StartsWith("u-", made.Json.GetProperty("message").GetProperty("user_id").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await _site.TryLoginAsync("eve", Password)).Status);
        Assert.Equal(HttpStatusCode.OK, (await _site.GetAsync("/api/resource/User/eve", await SidAsync("alice"))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _site.GetAsync("/api/resource/User/eve", await SidAsync("carol"))).Status);
        Assert.Contains(_site.Logs.Lines, line => line.Contains("user created ok", StringComparison.Ordinal));
        Assert.DoesNotContain(_site.Logs.Lines, line => line.Contains(Password, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Roles_MayComeOneALine()
    {
        var made = await _site.PostFormAsync(Create, $"email=eve@acme.example&full_name=Eve&password={Password}&roles=Sales User%0ASystem Manager", await SidAsync("alice"));

        Assert.True(made.Status == HttpStatusCode.OK, made.Text);
        var user = (await _site.GetAsync("/api/resource/User/eve@acme.example", await SidAsync("alice"))).Json.GetProperty("data");
        Assert.Equal(2, user.GetProperty("roles").GetArrayLength());
    }

    [Theory]
    [InlineData("""{"email":"eve@acme.example","full_name":"Eve","password":"seven green bicycles under water","roles":["Administrator"]}""", HttpStatusCode.Forbidden)]
    [InlineData("""{"email":"eve@acme.example","full_name":"Eve","password":"seven green bicycles under water","roles":["Nothing"]}""", HttpStatusCode.ExpectationFailed)]
    [InlineData("""{"email":"eve@acme.example","full_name":"Eve","password":"seven green bicycles under water","roles":["Sales User","Sales User"]}""", HttpStatusCode.ExpectationFailed)]
    [InlineData("""{"email":"bob@acme.example","full_name":"Eve","password":"seven green bicycles under water"}""", HttpStatusCode.Conflict)]
    [InlineData("""{"email":"carol","username":"carol","full_name":"Eve","password":"seven green bicycles under water"}""", HttpStatusCode.ExpectationFailed)]
    [InlineData("""{"email":"eve@acme.example","full_name":"Eve","password":"short"}""", HttpStatusCode.ExpectationFailed)]
    [InlineData("""{"email":"eve@acme.example","full_name":"Eve"}""", HttpStatusCode.ExpectationFailed)]
    [InlineData("{}", HttpStatusCode.ExpectationFailed)]
    [InlineData("[]", HttpStatusCode.BadRequest)]
    public async Task UserThatCannotBe_LeavesNothingBehind(string body, HttpStatusCode status)
    {
        var alice = await SidAsync("alice");

        Assert.Equal(status, (await _site.SendAsync(HttpMethod.Post, Create, Body.Text(body, "application/json"), alice)).Status);

        Assert.Equal(HttpStatusCode.NotFound, (await _site.GetAsync("/api/resource/User/eve@acme.example", alice)).Status);
        Assert.Equal(HttpStatusCode.OK, (await _site.PostJsonAsync(Create, new { email = "eve@acme.example", full_name = "Eve", password = Password }, alice)).Status);
    }

    [Fact]
    public async Task OthersThanManagers_MakeNobody()
    {
        var user = new { email = "eve@acme.example", full_name = "Eve", password = Password };

        Assert.Equal(HttpStatusCode.Forbidden, (await _site.PostJsonAsync(Create, user, await SidAsync("bob"))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _site.PostJsonAsync(Create, user, Credentials.Key(TestSeed.PairOf("alice-limited")))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.PostJsonAsync(Create, user)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _site.PostJsonAsync(Create, user, await SidAsync("alice"), ("Origin", "https://evil.example"))).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _site.GetAsync(Create, await SidAsync("alice"))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.TryLoginAsync("eve@acme.example", Password)).Status);
    }

    private async Task<(string, string)> SidAsync(string user) => Credentials.Sid(await _site.LoginAsync(user));
}
