using System.Text.Json;
using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Resources;

/// <summary>Frappe's second API: what it makes of documents, one by one and in bulk.</summary>
public sealed class V2Tests : IAsyncLifetime
{
    private const string Cards = V2Fixture.Cards;
    private readonly V2Fixture _cards = new();

    private TestService Service => _cards.Service;

    private TestCaller Acme => _cards.Acme;

    public ValueTask InitializeAsync() => _cards.InitializeAsync();

    public ValueTask DisposeAsync() => _cards.DisposeAsync();

    [Fact]
    public async Task Document_IsAnsweredWithItsEmptyValues()
    {
        var stored = (await Acme.GetAsync(Cards + "/c")).Data;
        Assert.Equal(JsonValueKind.Null, stored.GetProperty("state").ValueKind);
        Assert.Equal(JsonValueKind.Null, stored.GetProperty("day").ValueKind);
        Assert.Equal(JsonValueKind.Array, stored.GetProperty("lines").ValueKind);
        Assert.Equal(JsonValueKind.Null, (await Acme.GetAsync(Cards + "/a")).Data.GetProperty("lines")[0].GetProperty("other").ValueKind);
        var updated = await Acme.PutAsync(Cards + "/c", new { weight = 5 });
        Assert.Equal((200, JsonValueKind.Null), (updated.Status, updated.Data.GetProperty("state").ValueKind));
        Assert.Equal(6, (await Acme.SendAsync(HttpMethod.Patch, Cards + "/c", new { weight = 6 })).Data.GetProperty("weight").GetInt32());
        Assert.False((await Acme.GetAsync("/api/resource/Card/c")).Data.TryGetProperty("state", out _));
        Assert.Equal("theirs", (await Service.As("rival").GetAsync("/api/v2/document/card/a")).Data.GetProperty("state").GetString());

        var deleted = await Acme.DeleteAsync(Cards + "/c");
        Assert.Equal((202, """{"data":"ok"}"""), (deleted.Status, deleted.Text));
        V2Fixture.AssertError(await Acme.GetAsync(Cards + "/c"), "DoesNotExistError", 404);
        Assert.Equal(200, (await Service.As("rival").GetAsync(Cards + "/a")).Status);
    }

    [Fact]
    public async Task NewDocument_KeepsItsName()
    {
        var created = await Acme.PostAsync(Cards, new { name = "Given/Name ✓", title = "t" });
        Assert.True(created.Status == 200, created.Text);
        Assert.Equal("Given/Name ✓", created.Data.GetProperty("name").GetString());
        Assert.Equal("Given/Name ✓", created.Data.GetProperty("title").GetString()); // the field that is the name follows it
        Assert.Equal(200, (await Acme.GetAsync($"{Cards}/{Uri.EscapeDataString("Given/Name ✓")}")).Status);
        Assert.Equal("plain", (await Acme.PostAsync(Cards, new { title = "plain" })).Data.GetProperty("name").GetString());
        V2Fixture.AssertError(await Acme.PostAsync(Cards, new { name = "a<b", title = "t" }), "NameError", 409);
        V2Fixture.AssertError(await Acme.PostAsync(Cards, new { name = "a", title = "t" }), "DuplicateEntryError", 409);
        Assert.Equal(417, (await Acme.PostAsync(Cards, new { name = new string('n', 141), title = "t" })).Status);
        Assert.Equal("w", (await Acme.PostAsync("/api/resource/Card", new { name = "ignored", title = "w" })).Data.GetProperty("name").GetString());
    }

    [Fact]
    public async Task Copy_LeavesOutWhatBelongsToTheOriginal()
    {
        Assert.Equal(
            """{"data":{"title":"a","state":"Open","weight":1,"tries":0,"doctype":"Card","lines":[{"note":"x","doctype":"Card Line"},{"note":"y","doctype":"Card Line"}]}}""",
            (await Acme.GetAsync(Cards + "/a/copy")).Text);
        Assert.Equal(404, (await Acme.GetAsync(Cards + "/none/copy")).Status);
        Assert.Equal(404, (await Service.As("third").GetAsync(Cards + "/a/copy")).Status);
        Assert.Equal(403, (await Service.As("acme", roles: "Nobody").GetAsync(Cards + "/a/copy")).Status);
        Assert.Equal(403, (await Service.As("acme", "eve@example.com", "Own Cards").GetAsync(Cards + "/a/copy")).Status);
        await Acme.PostAsync(Cards, new { title = "a/copy" });
        Assert.Equal("a/copy", (await Acme.GetAsync(Cards + "/a%2Fcopy")).Data.GetProperty("name").GetString());
        Assert.Equal(404, (await Acme.GetAsync(Cards + "/copy")).Status);
    }

    [Fact]
    public async Task BulkUpdate_KeepsEachItemForItself()
    {
        var answer = await Acme.PostAsync(Cards + "/bulk_update", new
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
        Assert.Equal("""[{"state":"Bulk","weight":7,"tries":1},{"state":"Done","weight":2,"tries":0},{"state":"Bulk","weight":0,"tries":1}]""", (await Acme.GetAsync(Cards + "?fields=state,weight,tries&order_by=name asc")).Data.GetRawText());
        Assert.Equal("theirs", (await Service.As("rival").GetAsync(Cards + "/a")).Data.GetProperty("state").GetString());
    }

    [Fact]
    public async Task BulkDelete_TellsOfEachItem()
    {
        var answer = await Acme.PostAsync(Cards + "/bulk_delete", new { names = new object?[] { "a", "none", null, "b", "a" } });
        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal("""["a","b"]""", answer.Data.GetProperty("deleted").GetRawText());
        Assert.Equal(3, answer.Data.GetProperty("failed").GetArrayLength());
        Assert.Equal("c", await _cards.NamesAsync(""));
        Assert.Equal(200, (await Service.As("rival").GetAsync(Cards + "/a")).Status);
    }

    [Fact]
    public async Task BulkRequestThatIsNone_IsRefused()
    {
        foreach (var body in new object[] { new { }, new { names = "a" }, new { names = 5 }, new[] { "a" }, new { docs = new[] { "a" } } })
        {
            var answer = await Acme.PostAsync(Cards + "/bulk_delete", body);
            Assert.True(answer.Status == 417, answer.Text);
        }

        var many = await Acme.PostAsync(Cards + "/bulk_delete", new { names = Enumerable.Repeat("a", 21) });
        V2Fixture.AssertError(many, "DataError");
        Assert.Contains("20", many.Text, StringComparison.Ordinal);
        V2Fixture.AssertError(await Service.As("acme", roles: "Nobody").PostAsync(Cards + "/bulk_delete", new { names = new[] { "a" } }), "PermissionError", 403);
        V2Fixture.AssertError(await Acme.PostAsync("/api/v2/document/Read Only Card/bulk_update", new { docs = Array.Empty<object>() }), "MethodNotAllowedError", 405);
        V2Fixture.AssertError(await Acme.PostAsync("/api/v2/document/Read Only Card/bulk_delete", new { names = Array.Empty<string>() }), "MethodNotAllowedError", 405);
        Assert.Equal("c b a", await _cards.NamesAsync(""));
    }

    [Fact]
    public async Task ChildRow_IsDeletedThroughItsDocument()
    {
        var row = (await Acme.GetAsync(Cards + "/a")).Data.GetProperty("lines")[0].GetProperty("name").GetString();
        Assert.Equal(404, (await Service.As("rival").DeleteAsync("/api/v2/document/Card Line/" + row)).Status);
        Assert.Equal(404, (await Service.As("acme", roles: "Reader").DeleteAsync("/api/v2/document/Card Line/" + row)).Status);
        Assert.Equal(404, (await Acme.DeleteAsync("/api/v2/document/Card Line/none")).Status);
        Assert.Equal(202, (await Acme.DeleteAsync("/api/v2/document/Card Line/" + row)).Status);
        var left = Assert.Single((await Acme.GetAsync(Cards + "/a")).Data.GetProperty("lines").EnumerateArray());
        Assert.Equal("y", left.GetProperty("note").GetString());
        Assert.Equal(404, (await Acme.DeleteAsync("/api/v2/document/Card Line/" + row)).Status);
    }

    [Fact]
    public async Task VerbsAndHandlersOfTheResource_CountHereToo()
    {
        const string path = "/api/v2/document/Read Only Card";
        Assert.Equal("""{"custom":"x"}""", (await Acme.GetAsync(path + "/x")).Text);
        Assert.Equal("GET, HEAD", (await Acme.DeleteAsync(path + "/x")).ContentHeaders.Allow.Count > 0 ? string.Join(", ", (await Acme.DeleteAsync(path + "/x")).ContentHeaders.Allow) : "");
        V2Fixture.AssertError(await Acme.PutAsync(path + "/x", new { title = "x" }), "MethodNotAllowedError", 405);
        V2Fixture.AssertError(await Acme.GetAsync(path + "/x/copy"), "MethodNotAllowedError", 405);
        V2Fixture.AssertError(await Acme.DeleteAsync(path), "MethodNotAllowedError", 405);
        V2Fixture.AssertError(await Acme.GetAsync("/api/v2/document/Nothing"), "DoesNotExistError", 404);
        V2Fixture.AssertError(await Acme.GetAsync("/api/v2/nothing"), "DoesNotExistError", 404);
        V2Fixture.AssertError(await Service.Nobody().GetAsync(Cards), "AuthenticationError", 401);
        using var text = new StringContent("hello");
        V2Fixture.AssertError(await Acme.SendAsync(HttpMethod.Post, Cards, text), "UnsupportedMediaType", 415);
    }
}
