using System.Text.Json;
using Microservices.Data;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Errors;
using Microservices.Framework.Tests.Support;
using Microservices.Resources;
using Microservices.Security;
using Microsoft.AspNetCore.Http;

namespace Microservices.Framework.Tests.Resources;

public sealed class ResourceOptionsTests
{
    [Fact]
    public async Task VerbLeftOut_Is405ForEverybody()
    {
        await using var service = await TestService.StartAsync(service => service.RegisterResource<Item>(options => options.Verbs = ResourceVerbs.List | ResourceVerbs.Create));
        var acme = service.As("acme");
        Assert.Equal(201, (await acme.PostAsync("/api/resource/Item", new { item_code = "A" })).Status);
        Assert.Equal(200, (await acme.GetAsync("/api/resource/Item")).Status);
        foreach (var method in (string[])["GET", "HEAD", "PUT", "PATCH", "DELETE", "POST"])
        {
            var answer = await acme.SendAsync(new HttpMethod(method), "/api/resource/Item/A", null);
            Assert.Equal(405, answer.Status);
            Assert.Empty(answer.ContentHeaders.Allow);
        }

        // The verb says nothing of what is there, and credentials come first.
        Assert.Equal(405, (await acme.GetAsync("/api/resource/Item/nothing")).Status);
        Assert.Equal(401, (await service.Nobody().GetAsync("/api/resource/Item/A")).Status);
    }

    [Fact]
    public async Task Handlers_AnswerInPlaceOfTheFramework()
    {
        await using var service = await StartAsync(options =>
        {
            options.CustomHandlers[ResourceVerbs.List] = () => new[] { "own list" };
            options.CustomHandlers[ResourceVerbs.Get] = async (string name, TenantDb db, CurrentUser user, Tenant tenant, CancellationToken cancellationToken) =>
            {
                await Task.Yield();
                return new { name, user = user.Name, tenant = tenant.Id, count = await db.CountAsync("Item", cancellationToken: cancellationToken) };
            };
            options.CustomHandlers[ResourceVerbs.Create] = async (JsonElement body, TenantDb db) =>
            {
                var item = await db.InsertAsync(new Item { ItemCode = body.GetProperty("code").GetString()! });
                return TypedResults.Created((string?)null, new { made = item.Name });
            };
            options.CustomHandlers[ResourceVerbs.Delete] = (string name) => Results.NoContent();
        });
        var acme = service.As("acme");
        Assert.Equal("""["own list"]""", (await acme.GetAsync("/api/resource/Item")).Text);
        var created = await acme.PostAsync("/api/resource/item", new { code = "A/B é" });
        Assert.Equal(201, created.Status);
        Assert.Equal("""{"made":"A/B é"}""", JsonDocument.Parse(created.Text).RootElement.GetRawText().Replace("\\u00E9", "é", StringComparison.Ordinal));
        var read = (await acme.GetAsync("/api/v1/resource/Item/" + Uri.EscapeDataString("A/B é"))).Json;
        Assert.Equal("A/B é", read.GetProperty("name").GetString());
        Assert.Equal("acme", read.GetProperty("tenant").GetString());
        Assert.Equal("ann@example.com", read.GetProperty("user").GetString());
        Assert.Equal(1, read.GetProperty("count").GetInt32());
        Assert.Equal(204, (await acme.DeleteAsync("/api/resource/Item/A")).Status);
        Assert.Equal(401, (await service.Nobody().GetAsync("/api/resource/Item")).Status);
        // The verbs that have no handler are the framework's.
        Assert.Equal(200, (await acme.PutAsync("/api/resource/Item/" + Uri.EscapeDataString("A/B é"), new { item_name = "x" })).Status);
    }

    [Fact]
    public async Task HandlerThatFails_KeepsNothing()
    {
        await using var service = await StartAsync(options =>
        {
            options.CustomHandlers[ResourceVerbs.Create] = async (JsonElement body, TenantDb db) =>
            {
                await db.InsertAsync(new Item { ItemCode = "kept?" });
                return body.GetProperty("how").GetString() switch
                {
                    "refuse" => throw new PermissionException("Not today"),
                    "break" => throw new InvalidOperationException("the secret"),
                    "answer" => Results.Conflict(new { no = true }),
                    _ => Results.Ok(),
                };
            };
        });
        var acme = service.As("acme");
        var refused = await acme.PostAsync("/api/resource/Item", new { how = "refuse" });
        Assert.Equal((403, "PermissionError"), (refused.Status, refused.ErrorType));
        var broken = await acme.PostAsync("/api/resource/Item", new { how = "break" });
        Assert.Equal((500, "InternalServerError"), (broken.Status, broken.ErrorType));
        Assert.DoesNotContain("secret", broken.Text, StringComparison.Ordinal);
        var answered = await acme.PostAsync("/api/resource/Item", new { how = "answer" });
        Assert.Equal((409, """{"no":true}"""), (answered.Status, answered.Text));
        Assert.Equal(0, (await acme.GetAsync("/api/resource/Item")).Data.GetArrayLength());
        Assert.Equal(200, (await acme.PostAsync("/api/resource/Item", new { how = "well" })).Status);
        Assert.Equal(1, (await acme.GetAsync("/api/resource/Item")).Data.GetArrayLength());
        Assert.Equal(400, (await acme.PostAsync("/api/resource/Item", new StringContent("{", System.Text.Encoding.UTF8, "application/json"))).Status);
    }

    [Fact]
    public async Task GetThatWrites_Is403AndWritesNothing()
    {
        await using var service = await TestService.StartAsync(service =>
        {
            service.RegisterResource<Item>(options => options.CustomHandlers[ResourceVerbs.Get] = async (string name, TenantDb db) => await db.InsertAsync(new Item { ItemCode = name }));
            service.SecureRoute("GET", "/write", async (TenantDb db) => (await db.InsertAsync(new Item { ItemCode = "A" })).Name);
        });
        var acme = service.As("acme");
        Assert.Equal(403, (await acme.GetAsync("/api/resource/Item/A")).Status);
        Assert.Equal(403, (await acme.GetAsync("/write")).Status);
        Assert.Equal(0, (await acme.GetAsync("/api/resource/Item")).Data.GetArrayLength());
    }

    [Fact]
    public async Task Strict_RefusesFieldsThatAreNotThere()
    {
        await using var service = await TestService.StartAsync(service =>
        {
            service.RegisterResource<Customer>();
            service.RegisterResource<Item>(options => options.Strict = true);
            service.RegisterResource<SalesOrder>(options => options.Strict = true);
        });
        var acme = service.As("acme");
        var refused = await acme.PostAsync("/api/resource/Item", new { item_code = "A", colour = "red" });
        Assert.Equal((417, "DataError"), (refused.Status, refused.ErrorType));
        Assert.Contains("colour", refused.Json.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(201, (await acme.PostAsync("/api/resource/Item", new { item_code = "A", doctype = "Item", __islocal = 1, owner = "x", tenant_id = "x", name = "y" })).Status);
        Assert.Equal(417, (await acme.PutAsync("/api/resource/Item/A", new { colour = "red" })).Status);
        Assert.Equal(201, (await acme.PostAsync("/api/resource/Customer", new { customer_name = "Ada", colour = "red" })).Status);
        var row = await acme.PostAsync("/api/resource/Sales Order", new { customer = "Ada", items = new[] { new { item_code = "A", size = 4 } } });
        Assert.Equal(417, row.Status);
        Assert.Contains("size", row.Json.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_ServesItsDocTypes()
    {
        using var wide = new WideDocType();
        await using var service = await TestService.StartAsync(service => service.RegisterResources(wide.Folder, options => options.Verbs = ResourceVerbs.List));
        var acme = service.As("acme");
        Assert.Equal(200, (await acme.GetAsync("/api/resource/wide-record")).Status);
        Assert.Equal(405, (await acme.PostAsync("/api/resource/Wide Record", new { })).Status);
        Assert.Equal(403, (await acme.GetAsync("/api/resource/Wide Row")).Status);
    }

    [Fact]
    public void PathThatIsNotThere_StopsTheStart() =>
        Assert.Contains("nowhere", Assert.Throws<DocTypeException>(() => Microservice.Create("test").RegisterResources("/nowhere")).Message, StringComparison.Ordinal);

    [Fact]
    public void SameDocTypeTwice_StopsTheStart() =>
        Assert.Contains("Item", Assert.Throws<DocTypeException>(() => Microservice.Create("test").RegisterResource<Item>().RegisterResource<Item>()).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Results_AreAnsweredAsTheyAre()
    {
        await using var service = await TestService.StartAsync(service =>
        {
            service.RegisterResource<Item>();
            foreach (var prefix in (string[])["/plain/", "/api/method/"])
            {
                service.SecureRoute("GET", prefix + "null", object? () => null);
                service.SecureRoute("GET", prefix + "text", () => "text");
                service.SecureRoute("GET", prefix + "number", () => 12.5m);
                service.SecureRoute("GET", prefix + "record", () => new Result(1, "x"));
                service.SecureRoute("GET", prefix + "task", async () => await Task.FromResult(new[] { 1, 2 }));
                service.SecureRoute("GET", prefix + "result", () => TypedResults.Json(new Result(2, null), statusCode: 203));
                service.SecureRoute("POST", prefix + "nothing", async (TenantDb db) => { await db.InsertAsync(new Item { ItemCode = prefix }); });
                service.Route("GET", prefix + "open", (int a, int b = 2) => a + b);
            }
        });
        var acme = service.As("acme");
        Assert.Equal(["null", "text", "12.5", """{"item_count":1,"note":"x"}""", "[1,2]", """{"item_count":2,"note":null}"""], await AllAsync("/plain/"));
        Assert.Equal(
            ["{}", """{"message":"text"}""", """{"message":12.5}""", """{"message":{"item_count":1,"note":"x"}}""", """{"message":[1,2]}""", """{"item_count":2,"note":null}"""],
            await AllAsync("/api/method/"));
        Assert.Equal((200, "{}"), await PostAsync("/api/method/nothing"));
        Assert.Equal((200, ""), await PostAsync("/plain/nothing"));
        Assert.Equal(2, (await acme.GetAsync("/api/resource/Item")).Data.GetArrayLength());
        Assert.Equal("3", (await service.Nobody().GetAsync("/plain/open?a=1")).Text);
        Assert.Equal("""{"message":5}""", (await service.Nobody().GetAsync("/api/method/open?a=1&b=4")).Text);
        Assert.Equal(401, (await service.Nobody().GetAsync("/plain/text")).Status);
        Assert.Equal(203, (await acme.GetAsync("/plain/result")).Status);

        async Task<List<string>> AllAsync(string prefix)
        {
            var answers = new List<string>();
            foreach (var name in (string[])["null", "text", "number", "record", "task", "result"])
            {
                answers.Add((await acme.GetAsync(prefix + name)).Text);
            }

            return answers;
        }

        async Task<(int, string)> PostAsync(string path)
        {
            var answer = await acme.PostAsync(path, new { });
            return (answer.Status, answer.Text);
        }
    }

    [Fact]
    public async Task OpenRoute_HasNoTenant()
    {
        await using var service = await TestService.StartAsync(service =>
        {
            service.RegisterResource<Item>();
            service.Route("POST", "/open", async (TenantDb db) => (await db.InsertAsync(new Item { ItemCode = "A" })).Name);
        });
        foreach (var caller in new[] { service.Nobody(), service.As("acme") })
        {
            var answer = await caller.PostAsync("/open", new { });
            Assert.Equal((403, "PermissionError"), (answer.Status, answer.ErrorType));
        }

        Assert.Equal(0, (await service.As("acme").GetAsync("/api/resource/Item")).Data.GetArrayLength());
    }

    private static Task<TestService> StartAsync(Action<ResourceOptions> configure) => TestService.StartAsync(service => service.RegisterResource<Item>(configure));

    private sealed record Result(int ItemCount, string? Note);
}
