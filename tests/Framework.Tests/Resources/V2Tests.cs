using System.Text.Json;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Framework.Tests.Support;
using Microservices.Resources;
using Microsoft.AspNetCore.Http;

namespace Microservices.Framework.Tests.Resources;

/// <summary>Frappe's second API: its paths, its shapes, and its NULL.</summary>
public sealed class V2Tests : IAsyncLifetime
{
    private const string Cards = "/api/v2/document/Card";
    private TestService _service = null!;
    private TestCaller _acme = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await TestService.StartAsync(service =>
        {
            service.RegisterResource<Card>();
            service.RegisterResource<ReadOnlyCard>(options =>
            {
                options.Verbs = ResourceVerbs.List | ResourceVerbs.Get | ResourceVerbs.Create;
                options.CustomHandlers[ResourceVerbs.Get] = (string name) => Results.Json(new { custom = name });
            });
        });
        _acme = _service.As("acme");
        await CreateAsync(_acme, new { title = "a", state = "Open", weight = 1, lines = new[] { new { note = "x" }, new { note = "y" } } });
        await CreateAsync(_acme, new { title = "b", state = "Done", weight = 2 });
        await CreateAsync(_acme, new { title = "c" });
        await CreateAsync(_service.As("rival"), new { title = "a", state = "theirs" });
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task List_HasItsOwnShape()
    {
        Assert.Equal("""{"data":[{"name":"c"},{"name":"b"},{"name":"a"}],"has_next_page":false}""", (await _acme.GetAsync(Cards)).Text);
        Assert.Equal("""{"data":[{"name":"a"}],"has_next_page":true}""", (await _acme.GetAsync(Cards + "?limit=1&order_by=name asc")).Text);
        Assert.Equal("""{"data":[{"name":"b"}],"has_next_page":true}""", (await _acme.GetAsync(Cards + "?limit=1&start=1&order_by=name asc")).Text);
        Assert.Equal("""{"data":[],"has_next_page":true}""", (await _acme.GetAsync(Cards + "?limit=0")).Text);
        Assert.Equal("""{"data":[],"has_next_page":false}""", (await _acme.GetAsync(Cards + "?limit=0&title=none")).Text);
        Assert.Equal("c b a", await NamesAsync("order_by=name")); // without a direction it descends
        Assert.Equal("c b a", await NamesAsync("limit_page_length=1&limit_start=2&order_by=name"));
        Assert.Equal("""{"data":[{"name":"a"}],"has_next_page":true,"count":3,"count_capped":false}""", (await _acme.GetAsync(Cards + "?limit=1&order_by=name asc&include=count&as_dict=false")).Text);
        Assert.Equal("""{"data":[{"name":"c"}],"has_next_page":false}""", (await _acme.GetAsync(Cards + "?fields=[\"name\",\"nope\",{\"SUM\":\"nope\"},\"nope.name\"]&title=c")).Text);
        Assert.Equal("""{"data":[{"name":"c"}],"has_next_page":false}""", (await _acme.GetAsync(Cards + "?fields=[\"nope\"]&title=c")).Text);
        Assert.Equal("""{"data":[{"state":"theirs"}],"has_next_page":false}""", (await _service.As("rival").GetAsync(Cards + "?fields=state")).Text);
        Assert.Equal("""{"data":[{"note":"x"},{"note":"y"}],"has_next_page":false}""", (await _acme.GetAsync("/api/v2/document/Card Line?parent=Card&fields=note&order_by=idx asc")).Text);
    }

    [Theory]
    [InlineData("""{"state":"Open"}""", "a")]
    [InlineData("""{"state":["!=","Open"]}""", "b")]
    [InlineData("""[["state","Open"]]""", "a")]
    [InlineData("""[{"state":"Open"},["weight",">",0]]""", "a")]
    [InlineData("""[["Card","state","=","Open"]]""", "a")]
    [InlineData("""[["Card Line","note","=","y"]]""", "a")]
    [InlineData("""["a","c"]""", "a c")]
    [InlineData("\"b\"", "b")]
    [InlineData("b", "b")]
    [InlineData("""[["state","=","Open"],"or",["weight","=",2]]""", "a b")]
    [InlineData("""[["state","=","Open"],"OR",["weight","=",2],"and",["title","=","b"]]""", "b")]
    [InlineData("""[["title","=","b"],"and",[["state","=","Open"],"or",["weight","=",2]]]""", "b")]
    [InlineData("""[["title","=","c"],"or",[{"state":"Open","weight":1}]]""", "a c")]
    [InlineData("""{"state":""}""", "")]
    [InlineData("""{"state":null}""", "c")]
    [InlineData("""{"state":["!=",null]}""", "a b")]
    [InlineData("""{"state":["not like","O%"]}""", "b")]
    [InlineData("""{"state":["in",["Open",""]]}""", "a")]
    [InlineData("""{"state":["in",[]]}""", "")]
    [InlineData("""{"state":["in",null]}""", "")]
    [InlineData("""{"state":["not in",["Open"]]}""", "b")]
    [InlineData("""{"state":["not in",[""]]}""", "a b")]
    [InlineData("""{"state":["<","Z"]}""", "a b")]
    [InlineData("""{"state":["<=",""]}""", "")]
    [InlineData("""{"state":[">=",""]}""", "a b")]
    [InlineData("""{"day":["<","2030-01-01"]}""", "")]
    [InlineData("""{"state":["is","set"]}""", "a b")]
    [InlineData("""{"state":["is","not set"]}""", "c")]
    [InlineData("""{"weight":["is","not set"]}""", "c")]
    [InlineData("""{"state":["like","o%"]}""", "a")]
    public async Task Filter_FollowsSql(string filters, string expected) =>
        Assert.Equal(expected, await NamesAsync($"order_by=name asc&filters={Uri.EscapeDataString(filters)}"));

    [Theory]
    [InlineData("filters=[[\"nope\",\"=\",1]]", 403)]
    [InlineData("filters=[[\"tenant_id\",\"=\",\"rival\"]]", 403)]
    [InlineData("filters=[[\"state\",\"=\",\"a\"],\"or\"]", 417)]
    [InlineData("filters=[[\"state\",\"=\",\"a\"],\"xor\",[\"state\",\"=\",\"b\"]]", 417)]
    [InlineData("filters=[[\"state\",\"=\",\"a\"],\"or\",\"and\"]", 417)]
    [InlineData("filters=[[\"state\",\"=\",\"a\"],\"or\",[[\"state\",\"=\",\"b\"],[\"state\",\"=\",\"c\"]]]", 417)]
    [InlineData("filters=[[[]]]", 417)]
    [InlineData("filters={", 417)]
    [InlineData("or_filters=[[\"state\",\"=\",\"a\"],\"or\",[\"state\",\"=\",\"b\"]]", 417)]
    [InlineData("or_filters=[[1]]", 417)]
    [InlineData("order_by=nope", 417)]
    [InlineData("nope=1", 417)]
    [InlineData("include=everything", 417)]
    [InlineData("limit=-1", 417)]
    public async Task WrongList_IsTold(string query, int status)
    {
        var answer = await _acme.GetAsync($"{Cards}?{query}");
        Assert.True(answer.Status == status, answer.Text);
        AssertError(answer, status == 403 ? "PermissionError" : "DataError", status);
    }

    [Fact]
    public async Task Document_IsAnsweredWithItsEmptyValues()
    {
        var stored = (await _acme.GetAsync(Cards + "/c")).Data;
        Assert.Equal(JsonValueKind.Null, stored.GetProperty("state").ValueKind);
        Assert.Equal(JsonValueKind.Null, stored.GetProperty("day").ValueKind);
        Assert.Equal(JsonValueKind.Array, stored.GetProperty("lines").ValueKind);
        Assert.Equal(JsonValueKind.Null, (await _acme.GetAsync(Cards + "/a")).Data.GetProperty("lines")[0].GetProperty("other").ValueKind);
        var updated = await _acme.PutAsync(Cards + "/c", new { weight = 5 });
        Assert.Equal((200, JsonValueKind.Null), (updated.Status, updated.Data.GetProperty("state").ValueKind));
        Assert.Equal(6, (await _acme.SendAsync(HttpMethod.Patch, Cards + "/c", new { weight = 6 })).Data.GetProperty("weight").GetInt32());
        Assert.False((await _acme.GetAsync("/api/resource/Card/c")).Data.TryGetProperty("state", out _));
        Assert.Equal("theirs", (await _service.As("rival").GetAsync("/api/v2/document/card/a")).Data.GetProperty("state").GetString());

        var deleted = await _acme.DeleteAsync(Cards + "/c");
        Assert.Equal((202, """{"data":"ok"}"""), (deleted.Status, deleted.Text));
        AssertError(await _acme.GetAsync(Cards + "/c"), "DoesNotExistError", 404);
        Assert.Equal(200, (await _service.As("rival").GetAsync(Cards + "/a")).Status);
    }

    [Fact]
    public async Task NewDocument_KeepsItsName()
    {
        var created = await _acme.PostAsync(Cards, new { name = "Given/Name ✓", title = "t" });
        Assert.True(created.Status == 200, created.Text);
        Assert.Equal("Given/Name ✓", created.Data.GetProperty("name").GetString());
        Assert.Equal("Given/Name ✓", created.Data.GetProperty("title").GetString()); // the field that is the name follows it
        Assert.Equal(200, (await _acme.GetAsync($"{Cards}/{Uri.EscapeDataString("Given/Name ✓")}")).Status);
        Assert.Equal("plain", (await _acme.PostAsync(Cards, new { title = "plain" })).Data.GetProperty("name").GetString());
        AssertError(await _acme.PostAsync(Cards, new { name = "a<b", title = "t" }), "NameError", 409);
        AssertError(await _acme.PostAsync(Cards, new { name = "a", title = "t" }), "DuplicateEntryError", 409);
        Assert.Equal(417, (await _acme.PostAsync(Cards, new { name = new string('n', 141), title = "t" })).Status);
        Assert.Equal("w", (await _acme.PostAsync("/api/resource/Card", new { name = "ignored", title = "w" })).Data.GetProperty("name").GetString());
    }

    [Fact]
    public async Task Copy_LeavesOutWhatBelongsToTheOriginal()
    {
        Assert.Equal(
            """{"data":{"title":"a","state":"Open","weight":1,"tries":0,"doctype":"Card","lines":[{"note":"x","doctype":"Card Line"},{"note":"y","doctype":"Card Line"}]}}""",
            (await _acme.GetAsync(Cards + "/a/copy")).Text);
        Assert.Equal(404, (await _acme.GetAsync(Cards + "/none/copy")).Status);
        Assert.Equal(404, (await _service.As("third").GetAsync(Cards + "/a/copy")).Status);
        Assert.Equal(403, (await _service.As("acme", roles: "Nobody").GetAsync(Cards + "/a/copy")).Status);
        Assert.Equal(403, (await _service.As("acme", "eve@example.com", "Own Cards").GetAsync(Cards + "/a/copy")).Status);
        await _acme.PostAsync(Cards, new { title = "a/copy" });
        Assert.Equal("a/copy", (await _acme.GetAsync(Cards + "/a%2Fcopy")).Data.GetProperty("name").GetString());
        Assert.Equal(404, (await _acme.GetAsync(Cards + "/copy")).Status);
    }

    [Fact]
    public async Task BulkUpdate_KeepsEachItemForItself()
    {
        var answer = await _acme.PostAsync(Cards + "/bulk_update", new
        {
            docs = new object?[]
            {
                new { name = "a", state = "Bulk", weight = 7 }, new { name = "b", weight = "heavy" }, new { name = "none", weight = 1 }, 5, null, new { weight = 1 }, new { name = "c", state = "Bulk" }, new { name = "b", state = (string?)null, refuse = true },
            },
        });
        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal("""["a","c"]""", answer.Data.GetProperty("updated").GetRawText());
        Assert.Equal((8, 2, 6), (answer.Data.GetProperty("total").GetInt32(), answer.Data.GetProperty("success_count").GetInt32(), answer.Data.GetProperty("failure_count").GetInt32()));
        Assert.Contains("weight", answer.Data.GetProperty("failed")[0].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal("none", answer.Data.GetProperty("failed")[1].GetProperty("name").GetString());
        Assert.Equal(JsonValueKind.Null, answer.Data.GetProperty("failed")[2].GetProperty("name").ValueKind);
        Assert.Equal("""[{"state":"Bulk","weight":7,"tries":1},{"state":"Done","weight":2,"tries":0},{"state":"Bulk","weight":0,"tries":1}]""", (await _acme.GetAsync(Cards + "?fields=state,weight,tries&order_by=name asc")).Data.GetRawText());
        Assert.Equal("theirs", (await _service.As("rival").GetAsync(Cards + "/a")).Data.GetProperty("state").GetString());
    }

    [Fact]
    public async Task BulkDelete_TellsOfEachItem()
    {
        var answer = await _acme.PostAsync(Cards + "/bulk_delete", new { names = new object?[] { "a", "none", null, "b", "a" } });
        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal("""["a","b"]""", answer.Data.GetProperty("deleted").GetRawText());
        Assert.Equal(3, answer.Data.GetProperty("failed").GetArrayLength());
        Assert.Equal("c", await NamesAsync(""));
        Assert.Equal(200, (await _service.As("rival").GetAsync(Cards + "/a")).Status);
    }

    [Fact]
    public async Task BulkRequestThatIsNone_IsRefused()
    {
        foreach (var body in new object[] { new { }, new { names = "a" }, new { names = 5 }, new[] { "a" }, new { docs = new[] { "a" } } })
        {
            var answer = await _acme.PostAsync(Cards + "/bulk_delete", body);
            Assert.True(answer.Status == 417, answer.Text);
        }

        var many = await _acme.PostAsync(Cards + "/bulk_delete", new { names = Enumerable.Repeat("a", 21) });
        AssertError(many, "DataError");
        Assert.Contains("20", many.Text, StringComparison.Ordinal);
        AssertError(await _service.As("acme", roles: "Nobody").PostAsync(Cards + "/bulk_delete", new { names = new[] { "a" } }), "PermissionError", 403);
        AssertError(await _acme.PostAsync("/api/v2/document/Read Only Card/bulk_update", new { docs = Array.Empty<object>() }), "MethodNotAllowedError", 405);
        AssertError(await _acme.PostAsync("/api/v2/document/Read Only Card/bulk_delete", new { names = Array.Empty<string>() }), "MethodNotAllowedError", 405);
        Assert.Equal("c b a", await NamesAsync(""));
    }

    [Fact]
    public async Task ChildRow_IsDeletedThroughItsDocument()
    {
        var row = (await _acme.GetAsync(Cards + "/a")).Data.GetProperty("lines")[0].GetProperty("name").GetString();
        Assert.Equal(404, (await _service.As("rival").DeleteAsync("/api/v2/document/Card Line/" + row)).Status);
        Assert.Equal(404, (await _service.As("acme", roles: "Reader").DeleteAsync("/api/v2/document/Card Line/" + row)).Status);
        Assert.Equal(404, (await _acme.DeleteAsync("/api/v2/document/Card Line/none")).Status);
        Assert.Equal(202, (await _acme.DeleteAsync("/api/v2/document/Card Line/" + row)).Status);
        var left = Assert.Single((await _acme.GetAsync(Cards + "/a")).Data.GetProperty("lines").EnumerateArray());
        Assert.Equal("y", left.GetProperty("note").GetString());
        Assert.Equal(404, (await _acme.DeleteAsync("/api/v2/document/Card Line/" + row)).Status);
    }

    [Fact]
    public async Task VerbsAndHandlersOfTheResource_CountHereToo()
    {
        const string path = "/api/v2/document/Read Only Card";
        Assert.Equal("""{"custom":"x"}""", (await _acme.GetAsync(path + "/x")).Text);
        Assert.Equal("GET, HEAD", (await _acme.DeleteAsync(path + "/x")).ContentHeaders.Allow.Count > 0 ? string.Join(", ", (await _acme.DeleteAsync(path + "/x")).ContentHeaders.Allow) : "");
        AssertError(await _acme.PutAsync(path + "/x", new { title = "x" }), "MethodNotAllowedError", 405);
        AssertError(await _acme.GetAsync(path + "/x/copy"), "MethodNotAllowedError", 405);
        AssertError(await _acme.DeleteAsync(path), "MethodNotAllowedError", 405);
        AssertError(await _acme.GetAsync("/api/v2/document/Nothing"), "DoesNotExistError", 404);
        AssertError(await _acme.GetAsync("/api/v2/nothing"), "DoesNotExistError", 404);
        AssertError(await _service.Nobody().GetAsync(Cards), "AuthenticationError", 401);
        using var text = new StringContent("hello");
        AssertError(await _acme.SendAsync(HttpMethod.Post, Cards, text), "UnsupportedMediaType", 415);
    }

    [Fact]
    public async Task Meta_IsTheDocTypeAsFrappeWritesIt()
    {
        var answer = await _service.As("acme", roles: "Nobody").GetAsync("/api/v2/doctype/card/meta?include=children");
        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal(("DocType", "Card", "field:title"), (answer.Data.GetProperty("doctype").GetString(), answer.Data.GetProperty("name").GetString(), answer.Data.GetProperty("autoname").GetString()));
        var field = answer.Data.GetProperty("fields").EnumerateArray().First(field => field.GetProperty("fieldname").GetString() == "lines");
        Assert.Equal(("Table", "Card Line", "DocField"), (field.GetProperty("fieldtype").GetString(), field.GetProperty("options").GetString(), field.GetProperty("doctype").GetString()));
        Assert.Equal(1, answer.Data.GetProperty("fields")[0].GetProperty("reqd").GetInt32());
        var permission = answer.Data.GetProperty("permissions").EnumerateArray().First(permission => permission.GetProperty("role").GetString() == "Own Cards");
        Assert.Equal((1, 0, 1), (permission.GetProperty("read").GetInt32(), permission.GetProperty("write").GetInt32(), permission.GetProperty("if_owner").GetInt32()));
        Assert.Equal("Card Line", Assert.Single(answer.Json.GetProperty("children").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal(1, (await _acme.GetAsync("/api/v2/doctype/Card Line/meta")).Data.GetProperty("istable").GetInt32());
        AssertError(await _acme.GetAsync("/api/v2/doctype/Nothing/meta"), "DoesNotExistError", 404);
        AssertError(await _acme.GetAsync("/api/v2/doctype/Card/meta?include=all"), "DataError");
        AssertError(await _service.Nobody().GetAsync("/api/v2/doctype/Card/meta"), "AuthenticationError", 401);
    }

    [Theory]
    [InlineData("", "3")]
    [InlineData("filters={\"state\":[\"is\",\"set\"]}", "2")]
    [InlineData("filters={\"state\":[\"!=\",\"Open\"]}", "1")]
    [InlineData("state=Open", "1")]
    [InlineData("limit=2", "2")]
    [InlineData("filters={\"lines.note\":[\"is\",\"set\"]}", "2")]
    [InlineData("filters={\"lines.note\":[\"is\",\"set\"]}&distinct=1", "1")]
    [InlineData("filters={\"lines.note\":[\"is\",\"set\"]}&distinct=true&limit=5", "1")]
    [InlineData("filters=[[\"nope\",\"=\",1]]", "403")]
    [InlineData("fields=name", "417")]
    [InlineData("distinct=perhaps", "417")]
    [InlineData("limit=x", "417")]
    public async Task Count_IsThatOfTheList(string query, string expected)
    {
        var answer = await _acme.GetAsync("/api/v2/doctype/Card/count?" + query);
        Assert.Equal(expected, answer.Status == 200 ? answer.Data.GetRawText() : $"{answer.Status}");
    }

    [Fact]
    public async Task Count_KeepsToThePermissions()
    {
        Assert.Equal("1", (await _service.As("rival").GetAsync("/api/v2/doctype/Card/count")).Data.GetRawText());
        Assert.Equal("0", (await _service.As("acme", "eve@example.com", "Own Cards").GetAsync("/api/v2/doctype/Card/count")).Data.GetRawText());
        Assert.Equal("2", (await _acme.GetAsync("/api/v2/doctype/Card Line/count?parent=Card")).Data.GetRawText());
        Assert.Equal(403, (await _acme.GetAsync("/api/v2/doctype/Card Line/count")).Status);
        Assert.Equal(403, (await _service.As("acme", roles: "Nobody").GetAsync("/api/v2/doctype/Card/count")).Status);
        Assert.Equal(404, (await _acme.GetAsync("/api/v2/doctype/Nothing/count")).Status);
    }

    private static void AssertError(Answer answer, string type, int status = 417)
    {
        Assert.True(answer.Status == status, answer.Text);
        Assert.Equal(type, Assert.Single(answer.Json.GetProperty("errors").EnumerateArray()).GetProperty("type").GetString());
        Assert.NotEmpty(answer.Json.GetProperty("errors")[0].GetProperty("message").GetString()!);
        Assert.NotEmpty(answer.Json.GetProperty("request_id").GetString()!);
        Assert.False(answer.Json.TryGetProperty("exc_type", out _));
    }

    private async Task<string> NamesAsync(string query)
    {
        var answer = await _acme.GetAsync($"{Cards}?{query}");
        Assert.True(answer.Status == 200, answer.Text);
        return string.Join(' ', answer.Data.EnumerateArray().Select(row => row.GetProperty("name").GetString()));
    }

    private static async Task CreateAsync(TestCaller caller, object document)
    {
        var answer = await caller.PostAsync(Cards, document);
        Assert.True(answer.Status == 200, answer.Text);
    }
}

[DocType(Naming = "field:title")]
[Permission("System Manager", Rights.All)]
[Permission("Reader", Rights.Read)]
[Permission("Own Cards", Rights.Read, IfOwner = true)]
public sealed class Card : Document
{
    [Field(Required = true)]
    public string Title { get; set; } = "";

    public string? State { get; set; }

    public DateOnly? Day { get; set; }

    public int Weight { get; set; }

    public int Tries { get; set; }

    [Table]
    public List<CardLine> Lines { get; set; } = [];

    protected override ValueTask OnUpdate(DocumentContext context) =>
        context.Before is not null && State is null && Weight == 2 ? throw new Microservices.Errors.ValidationException("Refused after it was written") : default;

    protected override ValueTask Validate(DocumentContext context)
    {
        Tries += context.Before is null || State != "Bulk" ? 0 : 1;
        return default;
    }
}

[DocType("Card Line")]
public sealed class CardLine : Document
{
    public string? Note { get; set; }

    public string? Other { get; set; }
}

[DocType("Read Only Card", Naming = "field:title")]
[Permission("System Manager", Rights.All)]
public sealed class ReadOnlyCard : Document
{
    [Field(Required = true)]
    public string Title { get; set; } = "";
}
