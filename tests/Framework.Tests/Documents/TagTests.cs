using Microservices.Data;
using Microservices.DocTypes;
using Microservices.Documents;
using Microservices.Framework.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Microservices.Framework.Tests.Documents;

/// <summary>Tags, and documents whose names are numbers.</summary>
public sealed class TagTests : IAsyncLifetime
{
    private TestService _service = null!;
    private TestCaller _caller = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await TestService.StartAsync(service =>
        {
            service.RegisterResource<Stamp>();
            service.SecureRoute("POST", "/tag", async (HttpRequest http, TenantDb db, CancellationToken ct) =>
            {
                await Tags.AddAsync(db, "Stamp", http.Query["name"]!, http.Query["tag"]!, ct);
                return string.Join(',', await Tags.ListAsync(db, "Stamp", http.Query["name"]!, ct));
            });
            service.SecureRoute("POST", "/untag", async (HttpRequest http, TenantDb db, CancellationToken ct) =>
            {
                await Tags.RemoveAsync(db, "Stamp", http.Query["name"]!, http.Query["tag"]!, ct);
                return string.Join(',', await Tags.ListAsync(db, "Stamp", http.Query["name"]!, ct));
            });
        });
        _caller = _service.As("acme");
        foreach (var caller in (TestCaller[])[_caller, _service.As("globex")])
        {
            await Isolation.Bank.Created(caller.PostAsync("/api/resource/Stamp", new { title = "a", name = 70 }));
        }
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Tag_IsPutOnOnce_AndTakenOff()
    {
        Assert.Equal("red", (await _caller.PostAsync("/tag?name=1&tag=red", new { })).Text);
        Assert.Equal("red", (await _caller.PostAsync("/tag?name=1&tag=red", new { })).Text);
        Assert.Equal("red,blue'%", (await _caller.PostAsync("/tag?name=1&tag=blue'%25", new { })).Text);
        Assert.Equal("blue'%", (await _caller.PostAsync("/untag?name=1&tag=red", new { })).Text);
        Assert.Equal(1, (await _caller.GetAsync("/api/resource/Tag Link?document_type=Stamp&document_name=1")).Data.GetArrayLength());
        Assert.Equal(0, (await _service.As("globex").GetAsync("/api/resource/Tag Link?document_type=Stamp&document_name=1")).Data.GetArrayLength());
        Assert.Equal(417, (await _caller.PostAsync("/tag?name=1&tag=", new { })).Status);
        Assert.Equal(417, (await _caller.PostAsync("/tag?name=1&tag=" + new string('t', 141), new { })).Status);
    }

    [Fact]
    public async Task Lists_ShowTags_AndAreNarrowedByThem()
    {
        const string List = "/api/resource/Stamp?order_by=name&fields=";
        await Isolation.Bank.Created(_caller.PostAsync("/api/resource/Stamp", new { title = "b" }));
        await _caller.PostAsync("/tag?name=1&tag=red", new { });
        await _caller.PostAsync("/tag?name=1&tag=blue", new { });
        await _service.As("globex").PostAsync("/tag?name=1&tag=theirs", new { });

        var rows = (await _caller.GetAsync(List + "[%22name%22,%22_user_tags%22]")).Data;
        Assert.Equal(["blue", "red"], rows[0].GetProperty("_user_tags").GetString()!.Split(',').Order());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, rows[1].GetProperty("_user_tags").ValueKind);
        Assert.False((await _caller.GetAsync(List + "*")).Data[0].TryGetProperty("_user_tags", out _));
        foreach (var (condition, titles) in ((string, string)[])
        [
            ("""["_user_tags","like","%re%"]""", "a"), ("""["_user_tags","=","red"]""", "a"), ("""["_user_tags","not like","%re%"]""", "b"), ("""["_user_tags","!=","red"]""", "b"),
            ("""["_user_tags","is","set"]""", "a"), ("""["_user_tags","is","not set"]""", "b"), ("""["_user_tags","=","theirs"]""", ""), ("""["_user_tags","=","' or 1=1 --"]""", ""),
        ])
        {
            foreach (var path in (string[])["/api/resource/Stamp?order_by=name&fields=title&filters=", "/api/v2/document/Stamp?order_by=name&fields=title&filters="])
            {
                var answer = await _caller.GetAsync($"{path}{Uri.EscapeDataString($"[{condition}]")}");
                Assert.True(answer.Status == 200, answer.Text);
                Assert.Equal(titles, string.Join(' ', answer.Data.EnumerateArray().Select(row => row.GetProperty("title").GetString())));
            }
        }

        Assert.Equal(1, (await _caller.GetAsync("/api/v2/doctype/Stamp/count?filters=" + Uri.EscapeDataString("""[["_user_tags","like","%"]]"""))).Data.GetInt32());
        Assert.Equal(417, (await _caller.GetAsync(List + "name&filters=" + Uri.EscapeDataString("""[["_user_tags",">","a"]]"""))).Status);
        Assert.Equal(417, (await _caller.GetAsync("/api/resource/Stamp?order_by=_user_tags")).Status);
    }

    [Theory]
    [InlineData("filters", """[["_user_tags","=",["red","blue"]]]""")]
    [InlineData("filters", """[["_user_tags","like",["red"]]]""")]
    [InlineData("filters", """[["_user_tags","in",["red"]]]""")]
    [InlineData("filters", """[["Stamp Mark","_user_tags","=","red"]]""")]
    [InlineData("filters", """[["marks._user_tags","=","red"]]""")]
    [InlineData("order_by", "_user_tags asc")]
    [InlineData("order_by", "2")]
    [InlineData("group_by", "_user_tags")]
    [InlineData("group_by", "2")]
    public async Task WhatTagsCannotBeAsked_Is417_AndNamesThem(string parameter, string value)
    {
        var answer = await _caller.GetAsync($"/api/resource/Stamp?fields=[%22name%22,%22_user_tags%22]&{parameter}={Uri.EscapeDataString(value)}");

        Assert.Equal(417, answer.Status);
        Assert.Contains("_user_tags", answer.Json.GetProperty("exception").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tags_StandInTheOrderTheyWerePutOn()
    {
        string[] tags = ["m", "z", "a", "q", "b"];
        foreach (var tag in tags)
        {
            Assert.Equal(200, (await _caller.PostAsync($"/tag?name=1&tag={tag}", new { })).Status);
        }

        // The rows lie in the order of their names, which is another.
        await _service.SqlAsync("update `tabTag Link` set `name`=`tag`");
        Assert.Equal(string.Join(',', tags), (await _caller.GetAsync("/api/resource/Stamp?fields=[%22_user_tags%22]")).Data[0].GetProperty("_user_tags").GetString());
    }

    [Fact]
    public async Task Methods_TagAsFrappesDoes()
    {
        var (add, remove) = ("/api/method/frappe.desk.doctype.tag.tag.add_tag", "/api/method/frappe.desk.doctype.tag.tag.remove_tag");
        const string Links = "/api/resource/Tag Link?fields=[%22tag%22]&document_type=Stamp&document_name=1";

        Assert.Equal("red", (await _caller.PostAsync(add, new { tag = "red", dt = "Stamp", dn = "1" })).Json.GetProperty("message").GetString());
        Assert.Equal("red", (await _caller.GetAsync(Links)).Data[0].GetProperty("tag").GetString());
        Assert.Equal(0, (await _service.As("globex").GetAsync(Links)).Data.GetArrayLength());
        Assert.Equal(403, (await _service.As("acme", "r@example.com", "Reader").PostAsync(remove, new { tag = "red", dt = "Stamp", dn = "1" })).Status);
        Assert.Equal(404, (await _service.As("initech").PostAsync(add, new { tag = "red", dt = "Stamp", dn = "1" })).Status);
        Assert.Equal(404, (await _caller.PostAsync(add, new { tag = "red", dt = "Nonesuch", dn = "1" })).Status);
        Assert.Equal(417, (await _caller.PostAsync(add, new { tag = "red", dt = "Stamp" })).Status);
        Assert.Equal(200, (await _caller.PostAsync(remove, new { tag = "red", dt = "Stamp", dn = "1" })).Status);
        Assert.Equal(0, (await _caller.GetAsync(Links)).Data.GetArrayLength());
    }

    [Fact]
    public async Task Tagging_IsForWriters()
    {
        Assert.Equal(403, (await _service.As("acme", "r@example.com", "Reader").PostAsync("/tag?name=1&tag=red", new { })).Status);
        Assert.Equal(404, (await _service.As("acme", "n@example.com", "Nobody").PostAsync("/tag?name=1&tag=red", new { })).Status);
        Assert.Equal(404, (await _service.As("initech").PostAsync("/tag?name=1&tag=red", new { })).Status);
    }

    [Fact]
    public async Task CountedNames_AreNumbers()
    {
        var created = await Isolation.Bank.Created(_caller.PostAsync("/api/resource/Stamp", new { title = "b" }));
        Assert.Equal(2, created.Data.GetProperty("name").GetInt32());
        Assert.Equal(2, (await _caller.GetAsync("/api/resource/Stamp/2")).Data.GetProperty("name").GetInt32());
        Assert.Equal("""[{"name":1},{"name":2}]""", (await _caller.GetAsync("/api/resource/Stamp?order_by=creation")).Data.GetRawText());
    }

    [DocType(Naming = "autoincrement")]
    [Permission("System Manager", Rights.All)]
    [Permission("Reader", Rights.Read)]
    public sealed class Stamp : Document
    {
        public string? Title { get; set; }

        [Table]
        public List<StampMark> Marks { get; set; } = [];
    }

    [DocType("Stamp Mark")]
    public sealed class StampMark : Document
    {
        public string? Note { get; set; }
    }
}
