using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Methods;

public sealed class AddressTests(WorkshopFixture fixture) : IClassFixture<WorkshopFixture>
{
    [Theory]
    [InlineData("/api/method/workshop.post", "message")]
    [InlineData("/api/method/workshop.post/", "message")]
    [InlineData("/api/method/workshop.post/ignored", "message")]
    [InlineData("/api/v1/method/workshop.post", "message")]
    [InlineData("/api/v2/method/workshop.post", "data")]
    [InlineData("/api/v2/method/workshop.post/", "data")]
    [InlineData("/?cmd=workshop.post", "message")]
    [InlineData("/anything/else?cmd=workshop.post", "message")]
    public async Task EachAddress_CallsTheMethod(string path, string key)
    {
        var service = fixture.Service;
        var answer = await service.As("acme").SendAsync(HttpMethod.Post, path, null);
        Assert.Equal((200, "posted"), (answer.Status, answer.Json.GetProperty(key).GetString()));
        Assert.Equal(401, (await service.Nobody().SendAsync(HttpMethod.Post, path, null)).Status);
    }

    [Fact]
    public async Task CommandInABody_CallsTheMethod()
    {
        var service = fixture.Service;
        var acme = service.As("acme");
        var form = await acme.PostAsync("/", new FormUrlEncodedContent([new("cmd", "workshop.required"), new("first_name", "Ann"), new("count", "3")]));
        var json = await acme.PostAsync("/", new { cmd = "workshop.required", first_name = "Ann", count = 3 });
        Assert.Equal(("Ann3", "Ann3"), (form.Json.GetProperty("message").GetString(), json.Json.GetProperty("message").GetString()));
        Assert.Equal(404, (await acme.PostAsync("/", new { command = "workshop.required" })).Status);
        Assert.Equal(404, (await acme.PostAsync("/", new { cmd = 5 })).Status);
        foreach (var body in (string[])["{", "5", "\"cmd\"", "[{\"cmd\":\"ping\"}]", "{\"cmd\":[\"ping\"]}"])
        {
            Assert.Equal(404, (await acme.PostAsync("/nothing/here", new StringContent(body, System.Text.Encoding.UTF8, "application/json"))).Status);
        }

        // A path with an endpoint of its own is that endpoint's.
        Assert.Equal(200, (await acme.GetAsync("/api/resource/Customer?_=1")).Status);
    }

    [Theory]
    [InlineData("/api/method/workshop.route", "message")]
    [InlineData("/api/v1/method/workshop.route", "message")]
    [InlineData("/api/v2/method/workshop.route", "data")]
    [InlineData("/?cmd=workshop.route", "message")]
    public async Task RouteOfTheService_IsCalledByTheSameAddresses(string path, string key)
    {
        var service = fixture.Service;
        var answer = await service.As("acme").SendAsync(HttpMethod.Post, path, null);
        Assert.Equal("ann@example.com", answer.Json.GetProperty(key).GetProperty("user").GetString());
        Assert.Equal(401, (await service.Nobody().SendAsync(HttpMethod.Post, path, null)).Status);
        Assert.Equal(405, (await service.As("acme").GetAsync(path)).Status);
    }

    [Theory]
    [InlineData("/api/method/nothing")]
    [InlineData("/api/v1/method/nothing")]
    [InlineData("/api/method/")]
    [InlineData("/api/method")]
    [InlineData("/api/method/Workshop.post")]
    [InlineData("/api/method/workshop%2Epost%2F..%2F")]
    [InlineData("/?cmd=nothing")]
    [InlineData("/?cmd=%00%27%22%3B--")]
    public async Task UnknownMethod_Is404(string path)
    {
        var service = fixture.Service;
        var answer = await service.As("acme").PostAsync(path, new { });
        Assert.Equal(404, answer.Status);
        Assert.Equal("DoesNotExistError", answer.ErrorType);
    }

    [Theory]
    [InlineData("/api/v2/method/nothing")]
    [InlineData("/api/v2/method/Customer/nothing")]
    [InlineData("/api/v2/method/Nothing/nothing")]
    public async Task UnknownMethodOfVersion2_Is404InItsShape(string path)
    {
        var service = fixture.Service;
        var answer = await service.As("acme").PostAsync(path, new { });
        Assert.Equal(404, answer.Status);
        Assert.Equal("DoesNotExistError", answer.Json.GetProperty("errors")[0].GetProperty("type").GetString());
    }

    [Fact]
    public async Task VerbThatIsNotTaken_Is403()
    {
        var service = fixture.Service;
        var acme = service.As("acme");
        Assert.Equal("PermissionError", (await acme.GetAsync("/api/method/workshop.post")).ErrorType);
        Assert.Equal(403, (await acme.SendAsync(HttpMethod.Patch, "/api/method/workshop.null", null)).Status);
        foreach (var verb in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete, HttpMethod.Head])
        {
            Assert.Equal(200, (await acme.SendAsync(verb, "/api/method/workshop.null", null)).Status);
        }
    }

    [Fact]
    public async Task Guests_AreWelcomeOnlyWhereAllowed()
    {
        var service = fixture.Service;
        var nobody = service.Nobody();
        Assert.Equal("Guest", (await nobody.GetAsync("/api/method/workshop.guest")).Json.GetProperty("message").GetString());
        Assert.Equal("ann@example.com", (await service.As("acme").GetAsync("/api/method/workshop.guest")).Json.GetProperty("message").GetString());
        Assert.Equal(401, (await new TestCaller(new HttpClient { BaseAddress = service.Address }, "wrong").GetAsync("/api/method/workshop.guest")).Status);
        Assert.Equal(403, (await nobody.GetAsync("/api/method/workshop.guest_db")).Status);
        Assert.Equal(401, (await nobody.GetAsync("/api/method/workshop.null")).Status);
        Assert.Equal(401, (await nobody.GetAsync("/api/resource/Customer")).Status);
    }

    [Fact]
    public async Task Roles_AreAskedFor()
    {
        var service = fixture.Service;
        Assert.Equal(403, (await service.As("acme").GetAsync("/api/method/workshop.managers")).Status);
        Assert.Equal("bob@acme", (await service.As("acme", "bob", "Manager").GetAsync("/api/method/workshop.managers")).Json.GetProperty("message").GetString());
        Assert.Equal("eve@globex", (await service.As("globex", "eve", "Administrator").GetAsync("/api/method/workshop.managers")).Json.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Manifest_ListsMethods()
    {
        var service = fixture.Service;
        var methods = (await service.Nobody().GetAsync("/.well-known/microservice")).Json.GetProperty("methods").EnumerateArray().Select(name => name.GetString()!).ToList();
        Assert.Contains("workshop.post", methods);
        Assert.Contains("workshop.route", methods);
        Assert.DoesNotContain(methods, name => name.StartsWith("frappe.", StringComparison.Ordinal));
    }
}
