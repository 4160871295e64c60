using System.Text.Json;
using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Methods;

public sealed class ResultTests(WorkshopFixture fixture) : IClassFixture<WorkshopFixture>
{
    [Fact]
    public async Task Nothing_LeavesTheKeyOut()
    {
        var service = fixture.Service;
        var acme = service.As("acme");
        Assert.Equal("{}", (await acme.PostAsync("/api/method/workshop.nothing", new { })).Text);
        Assert.Equal("{}", (await acme.GetAsync("/api/method/workshop.null")).Text);
        Assert.Equal("{}", (await acme.GetAsync("/api/v2/method/workshop.null")).Text);
    }

    [Fact]
    public async Task KeysAndStatus_AreTheMethodsToSay()
    {
        var service = fixture.Service;
        var answer = await service.As("acme").GetAsync("/api/method/workshop.extra");
        Assert.Equal((202, """{"message":1,"home_page":"/desk"}"""), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task CsvFileAndRedirect_AreWholeAnswers()
    {
        var service = fixture.Service;
        var acme = service.As("acme");
        var csv = await acme.GetAsync("/api/method/workshop.csv");
        Assert.Equal("name,note\r\n\"a,b\",'=1+1\r\n1.5,\"say \"\"hi\"\"\"\r\n", csv.Text.TrimStart('\ufeff'));
        Assert.Equal("attachment; filename=list.csv; filename*=UTF-8''list.csv", csv.ContentHeaders.ContentDisposition!.ToString());
        var file = await acme.GetAsync("/api/v2/method/workshop.file");
        Assert.Equal(("hi", "text/plain"), (file.Text, file.ContentHeaders.ContentType!.MediaType));
        Assert.Equal("Grüße.txt", file.ContentHeaders.ContentDisposition!.FileNameStar);
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = service.Address };
        http.DefaultRequestHeaders.Authorization = acme.Http.DefaultRequestHeaders.Authorization;
        using var redirect = await http.GetAsync("/api/method/workshop.redirect", TestContext.Current.CancellationToken);
        Assert.Equal((302, "/desk"), ((int)redirect.StatusCode, redirect.Headers.Location!.OriginalString));
    }

    [Fact]
    public async Task Messages_AreToldOnSuccessAndOnError()
    {
        var service = fixture.Service;
        var acme = service.As("acme");
        var told = ServerMessages(await acme.GetAsync("/api/method/workshop.tell"));
        Assert.Equal("""{"message":"Grüß \"Gott\"","title":"Message","indicator":"green","alert":1}""", Assert.Single(told));
        var failed = await acme.GetAsync("/api/method/workshop.tell?fail=1");
        Assert.Equal(417, failed.Status);
        Assert.Equal(["Grüß \"Gott\"", "Not today"], ServerMessages(failed).Select(text => JsonDocument.Parse(text).RootElement.GetProperty("message").GetString()!));
        var v2 = (await acme.GetAsync("/api/v2/method/workshop.tell")).Json;
        Assert.Equal(("told", "Grüß \"Gott\""), (v2.GetProperty("data").GetString(), v2.GetProperty("messages")[0].GetProperty("message").GetString()));
        var v2Failed = (await acme.GetAsync("/api/v2/method/workshop.tell?fail=1")).Json;
        Assert.Equal(("Not today", "Grüß \"Gott\""), (v2Failed.GetProperty("errors")[0].GetProperty("message").GetString(), v2Failed.GetProperty("messages")[0].GetProperty("message").GetString()));
    }

    [Fact]
    public async Task MessagesOfHooks_AreToldByTheResourceApi()
    {
        var acme = fixture.Service.As("acme");
        var made = await acme.PostAsync("/api/resource/Customer", new { customer_name = "Told" });
        Assert.Equal("""{"message":"Welcome","title":"Message"}""", Assert.Single(ServerMessages(made)));
        Assert.Equal("Welcome", (await acme.PostAsync("/api/v2/document/Customer", new { customer_name = "Told2" })).Json.GetProperty("messages")[0].GetProperty("message").GetString());
        Assert.Equal("""{"data":"ok","message":"ok"}""", (await acme.DeleteAsync("/api/resource/Customer/Told")).Text);
        Assert.Equal("""{"data":"ok"}""", (await acme.DeleteAsync("/api/v2/document/Customer/Told2")).Text);
    }

    [Fact]
    public async Task Writes_AreKeptOnSuccessOnly()
    {
        var service = fixture.Service;
        var acme = service.As("acme");
        Assert.Equal("A1", (await acme.PostAsync("/api/method/workshop.insert", new { code = "A1" })).Json.GetProperty("message").GetProperty("name").GetString());
        Assert.Equal(417, (await acme.PostAsync("/api/method/workshop.insert_then", new { code = "A2", then = "throw" })).Status);
        Assert.Equal(409, (await acme.PostAsync("/api/method/workshop.insert_then", new { code = "A3", then = "conflict" })).Status);
        Assert.Equal(409, (await acme.PostAsync("/api/method/workshop.insert_then", new { code = "A4", then = "status" })).Status);
        Assert.Equal("kept", (await acme.PostAsync("/api/method/workshop.insert_then", new { code = "A5", then = "" })).Text);
        Assert.Equal(403, (await acme.GetAsync("/api/method/workshop.insert?code=A6")).Status);
        Assert.Equal("""[{"name":"A5"},{"name":"A1"}]""", (await acme.GetAsync("/api/resource/Item")).Data.GetRawText());
        Assert.Equal("[]", (await service.As("globex").GetAsync("/api/resource/Item")).Data.GetRawText());
    }

    [Fact]
    public async Task DocumentsAndRows_ShowWhatTheCallerMayRead()
    {
        var service = fixture.Service;
        Assert.Equal(201, (await service.As("acme", "boss", "Administrator").PostAsync("/api/resource/Customer", new { customer_name = "Ann", credit_limit = 5, since = "2026-01-02" })).Status);
        var rows = await service.As("acme", "boss", "Administrator").GetAsync("/api/method/workshop.list");
        Assert.Equal("""{"message":[{"name":"Ann","territory":null,"since":"2026-01-02","credit_limit":5.0}]}""", rows.Text);
        Assert.Equal("""{"message":[]}""", (await service.As("globex", "boss", "Administrator").GetAsync("/api/method/workshop.list")).Text);
    }

    [Fact]
    public async Task Defect_TellsNothing()
    {
        var service = fixture.Service;
        var answer = await service.As("acme").GetAsync("/api/method/workshop.bug");
        Assert.Equal(500, answer.Status);
        Assert.DoesNotContain("secret", answer.Text, StringComparison.Ordinal);
    }

    private static List<string> ServerMessages(Answer answer) =>
        [.. JsonDocument.Parse(answer.Json.GetProperty("_server_messages").GetString()!).RootElement.EnumerateArray().Select(item => item.GetString()!)];
}
