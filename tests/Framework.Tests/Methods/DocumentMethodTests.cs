using System.Text.Json;
using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Methods;

public sealed class DocumentMethodTests(WorkshopFixture fixture) : IClassFixture<WorkshopFixture>
{
    private TestCaller Boss => fixture.Service.As("acme");

    [Fact]
    public async Task RunMethod_AnswersUnderData()
    {
        var name = await CreateAsync("saw");
        var get = await Boss.GetAsync($"/api/resource/Job Card/{name}?run_method=describe&greeting=Hi");
        Assert.Equal((200, $$"""{"data":"Hi {{name}} of acme: saw"}"""), (get.Status, get.Text));
        Assert.Equal($$"""{"data":"Job {{name}} of acme: saw"}""", (await Boss.PostAsync($"/api/v1/resource/job-card/{name}", new { run_method = "describe" })).Text);
        Assert.Equal("""{"data":3}""", (await Boss.PostAsync($"/api/resource/Job Card/{name}", new FormUrlEncodedContent([new("run_method", "add_hours"), new("hours", "3")]))).Text);
        Assert.Equal(3, (await Boss.GetAsync($"/api/resource/Job Card/{name}")).Data.GetProperty("hours").GetInt32());
        Assert.Equal(405, (await Boss.PostAsync($"/api/resource/Job Card/{name}", new { })).Status);
        Assert.Equal(417, (await Boss.PostAsync($"/api/resource/Job Card/{name}", new { run_method = new[] { 1 } })).Status);
        Assert.Equal("hours is missing", (await Boss.PostAsync($"/api/resource/Job Card/{name}", new { run_method = "add_hours" })).Json.GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("GET", "describe", 200)]
    [InlineData("GET", "add_hours", 403)]
    [InlineData("POST", "not_for_the_api", 403)]
    [InlineData("POST", "nothing", 404)]
    [InlineData("POST", "validate", 404)]
    [InlineData("POST", "get_type", 404)]
    [InlineData("POST", "Describe", 404)]
    [InlineData("POST", "motto", 404)]
    [InlineData("POST", "fail", 417)]
    [InlineData("GET", "fail", 403)]
    [InlineData("POST", "'; drop table x; --", 404)]
    public async Task MethodThatMayNotBeCalled_IsRefusedByEachWayIn(string verb, string method, int status)
    {
        var name = await CreateAsync("plane");
        var escaped = Uri.EscapeDataString(method);
        var http = new HttpMethod(verb);
        Assert.Equal(status, (await Boss.SendAsync(http, $"/api/resource/Job Card/{name}?run_method={escaped}", null)).Status);
        Assert.Equal(status, (await Boss.SendAsync(http, $"/api/v2/document/Job Card/{name}/method/{escaped}", null)).Status);
        Assert.Equal(status, (await Boss.SendAsync(http, $"/api/method/run_doc_method?dt=Job Card&dn={name}&method={escaped}", null)).Status);
        Assert.Equal("plane", (await Boss.GetAsync($"/api/resource/Job Card/{name}")).Data.GetProperty("title").GetString());
    }

    [Fact]
    public async Task Version2_AnswersTheDocumentToo()
    {
        var name = await CreateAsync("drill");
        var answer = await Boss.PostAsync($"/api/v2/document/Job Card/{name}/method/add_hours/", new { hours = "2" });
        Assert.Equal(2, answer.Data.GetInt32());
        Assert.Equal((name, 2), (answer.Json.GetProperty("docs")[0].GetProperty("name").GetString(), answer.Json.GetProperty("docs")[0].GetProperty("hours").GetInt32()));
        var run = await Boss.PostAsync("/api/v2/method/run_doc_method", new { document = new { doctype = "Job Card", name }, method = "add_hours", kwargs = new { hours = 5, ignored = 1 } });
        Assert.Equal(7, run.Data.GetInt32());
        Assert.Equal(404, (await Boss.PostAsync($"/api/v2/document/Nothing/{name}/method/describe", new { })).Status);
        Assert.Equal("errors", (await Boss.PostAsync($"/api/v2/document/Job Card/nothing/method/describe", new { })).Json.EnumerateObject().First().Name);
    }

    [Fact]
    public async Task RunDocMethod_TakesStoredAndSentDocuments()
    {
        var name = await CreateAsync("file");
        var stored = await Boss.PostAsync("/api/method/run_doc_method", new { dt = "Job Card", dn = name, method = "describe", args = """{"greeting":"Yo"}""" });
        Assert.Equal(($"Yo {name} of acme: file", name), (stored.Json.GetProperty("message").GetString(), stored.Json.GetProperty("docs")[0].GetProperty("name").GetString()));

        // The document as sent is what the method sees; nothing of it is stored.
        var sent = JsonSerializer.Serialize(new { doctype = "Job Card", name, title = "rasp" });
        Assert.Equal($"Job {name} of acme: rasp", (await Boss.PostAsync("/api/method/run_doc_method", new { docs = sent, method = "describe" })).Json.GetProperty("message").GetString());
        Assert.Equal("file", (await Boss.GetAsync($"/api/resource/Job Card/{name}")).Data.GetProperty("title").GetString());
        var stale = await Boss.PostAsync("/api/method/run_doc_method", new { docs = new { doctype = "Job Card", name, modified = "2020-01-01 00:00:00" }, method = "describe" });
        Assert.Equal("TimestampMismatchError", stale.ErrorType);
        var fresh = await Boss.PostAsync("/api/method/run_doc_method", new { docs = new { doctype = "Job Card", name = "new-1", __islocal = 1, title = "new" }, method = "describe" });
        Assert.Equal("Job new-1 of acme: new", fresh.Json.GetProperty("message").GetString());
        var csv = await Boss.GetAsync($"/api/method/run_doc_method?dt=Job Card&dn={name}&method=table&as_csv=1");
        Assert.Equal($"name,hours\r\n{name},0\r\n", csv.Text.TrimStart('\ufeff'));
    }

    [Theory]
    [InlineData("""{"method":"describe"}""", 417)]
    [InlineData("""{"dt":"Nothing","dn":"x","method":"describe"}""", 404)]
    [InlineData("""{"dt":"Job Card","dn":"nothing","method":"describe"}""", 404)]
    [InlineData("""{"dt":"Job Card","dn":["x"],"method":"describe"}""", 417)]
    [InlineData("""{"docs":"[","method":"describe"}""", 417)]
    [InlineData("""{"docs":[1],"method":"describe"}""", 417)]
    [InlineData("""{"docs":{"doctype":5},"method":"describe"}""", 404)]
    [InlineData("""{"docs":{"doctype":"Job Card","name":"x"},"method":"describe","args":[1]}""", 404)]
    [InlineData("""{"docs":{"doctype":"Job Card","__islocal":1},"method":"describe","args":[1]}""", 417)]
    [InlineData("""{"docs":{"doctype":"Job Card","__islocal":1,"hours":"x"},"method":"describe"}""", 417)]
    [InlineData("""{"docs":{"doctype":"Sales Order Item","name":"x"},"method":"describe"}""", 403)]
    public async Task RunDocMethodWithBadArguments_IsRefused(string body, int status) =>
        Assert.Equal(status, (await Boss.PostAsync("/api/method/run_doc_method", JsonDocument.Parse(body).RootElement)).Status);

    [Fact]
    public async Task GetNeedsReadAndPostNeedsWrite()
    {
        var name = await CreateAsync("vice");
        var viewer = fixture.Service.As("acme", "eve@example.com", "Viewer");
        Assert.Equal(200, (await viewer.GetAsync($"/api/resource/Job Card/{name}?run_method=describe")).Status);
        Assert.Equal(403, (await viewer.PostAsync($"/api/resource/Job Card/{name}", new { run_method = "describe" })).Status);
        Assert.Equal(200, (await viewer.GetAsync($"/api/v2/document/Job Card/{name}/method/describe")).Status);
        Assert.Equal(403, (await viewer.PostAsync($"/api/v2/document/Job Card/{name}/method/describe", new { })).Status);
        Assert.Equal(403, (await viewer.PostAsync("/api/method/run_doc_method", new { dt = "Job Card", dn = name, method = "describe" })).Status);
        Assert.Equal(403, (await viewer.PostAsync("/api/method/run_doc_method", new { docs = new { doctype = "Job Card", __islocal = 1 }, method = "describe" })).Status);
        var owner = fixture.Service.As("acme", "owner@example.com", "Owner");
        Assert.Equal(403, (await owner.GetAsync($"/api/resource/Job Card/{name}?run_method=describe")).Status);
        var stranger = fixture.Service.As("acme", "guest@example.com", "Nobody");
        Assert.Equal(403, (await stranger.GetAsync($"/api/resource/Job Card/{name}?run_method=describe")).Status);
        Assert.Equal(403, (await stranger.GetAsync("/api/resource/Job Card/nothing?run_method=describe")).Status);
        foreach (var other in (TestCaller[])[fixture.Service.As("globex"), fixture.Service.As("globex", "admin", "Administrator")])
        {
            Assert.Equal(404, (await other.GetAsync($"/api/resource/Job Card/{name}?run_method=describe")).Status);
            Assert.Equal(404, (await other.PostAsync($"/api/v2/document/Job Card/{name}/method/describe", new { })).Status);
            Assert.Equal(404, (await other.PostAsync("/api/method/run_doc_method", new { dt = "Job Card", dn = name, method = "describe" })).Status);
        }
    }

    [Fact]
    public async Task StaticMethodOfAClass_IsCalledByDocTypeAndName()
    {
        Assert.Equal("measure twice;measure twice;ann@example.com", (await Boss.GetAsync("/api/v2/method/Job Card/motto?times=2")).Data.GetString());
        Assert.Equal("hello", (await fixture.Service.Nobody().GetAsync("/api/v2/method/job-card/hello")).Data.GetString());
        Assert.Equal(403, (await Boss.PostAsync("/api/v2/method/Job Card/hello", new { })).Status);
        Assert.Equal(401, (await fixture.Service.Nobody().GetAsync("/api/v2/method/Job Card/motto")).Status);
        Assert.Equal(404, (await Boss.GetAsync("/api/v2/method/Job Card/hidden")).Status);
        Assert.Equal(404, (await Boss.GetAsync("/api/v2/method/Job Card/describe")).Status);
    }

    [Fact]
    public async Task ControllerOfAJsonDocType_TakesTheDocument()
    {
        Assert.Equal(201, (await Boss.PostAsync("/api/resource/Gauge", new { name = "a/b", reading = 7 })).Status);
        Assert.Equal("a/b:7bar:ann@example.com:True", (await Boss.GetAsync("/api/resource/Gauge/a%2Fb?run_method=read&unit=bar")).Data.GetString());
        Assert.Equal("a/b:7bar:ann@example.com:True", (await Boss.GetAsync("/api/v2/document/Gauge/a%2Fb/method/read?unit=bar")).Data.GetString());
    }

    [Fact]
    public async Task Answer_HidesWhatTheCallerMayNotRead()
    {
        var name = await CreateAsync("lathe");
        Assert.Equal(200, (await fixture.Service.As("acme", "root", "Administrator").PutAsync($"/api/resource/Job Card/{name}", new { secret = "s3cret" })).Status);
        var answer = await fixture.Service.As("acme", "eve@example.com", "Viewer").GetAsync($"/api/v2/document/Job Card/{name}/method/describe");
        Assert.Equal(200, answer.Status);
        Assert.DoesNotContain("s3cret", answer.Text, StringComparison.Ordinal);
    }

    private async Task<string> CreateAsync(string title)
    {
        var name = $"{title}-{Guid.NewGuid():N}";
        Assert.Equal(201, (await Boss.PostAsync("/api/resource/Job Card", new { name, title })).Status);
        return name;
    }
}
