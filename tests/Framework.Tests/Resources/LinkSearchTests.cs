using System.Text.Json;
using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Resources;

/// <summary>Finding documents for a link: v2's <c>search</c>, and <c>frappe.desk.search.search_link</c>.</summary>
public sealed class LinkSearchTests : IAsyncLifetime
{
    private const string Path = "/api/v2/doctype/Farmer/search";

    private TestService _service = null!;
    private TestCaller _manager = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await TestService.StartAsync(service =>
        {
            service.RegisterResource<Plot>();
            service.RegisterResource<Farmer>();
        });
        _manager = _service.As("acme");
        await Isolation.Bank.Created(_service.As("acme", "ann@example.com", "System Manager", "Auditor").PostAsync("/api/resource/Farmer", new object[]
        {
            new { code = "F-1", full_name = "Ann Field", town = "Delft", grade = "gold" },
            new { code = "F-2", full_name = "Bob Meadow", town = "Ann Arbor" },
            new { code = "F-3", full_name = "Gone Ann", disabled = true },
            new { code = "F-4" },
        }));
        await Isolation.Bank.Created(_service.As("globex").PostAsync("/api/resource/Farmer", new { code = "F-9", full_name = "Ann of Globex" }));
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Theory]
    [InlineData("?txt=ann", "F-1 F-2")]
    [InlineData("?txt=F-4", "F-4")]
    [InlineData("?txt=delft", "F-1")]
    [InlineData("?txt=", "F-1 F-2 F-4")]
    [InlineData("", "F-1 F-2 F-4")]
    [InlineData("?txt=globex", "")]
    [InlineData("?txt=ann&filters={%22town%22:%22Delft%22}", "F-1")]
    [InlineData("?txt=ann&filters=[[%22disabled%22,%22=%22,1]]", "F-3")]
    [InlineData("?txt='%20or%201=1%20--", "")]
    public async Task Documents_AreFoundByNameTitleAndSearchFields(string query, string names)
    {
        var answer = await _manager.GetAsync(Path + query);

        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal(names, string.Join(' ', answer.Data.EnumerateArray().Select(row => row.GetProperty("value").GetString()).Order()));
    }

    [Fact]
    public async Task Choice_HasLabelAndDescription()
    {
        var auditor = _service.As("acme", "a@example.com", "Auditor");
        Assert.Equal("""[{"value":"F-1","label":"Ann Field","description":"Delft, gold"}]""", (await auditor.GetAsync(Path + "?txt=delft")).Data.GetRawText());
        Assert.Equal("""[{"value":"F-4","label":"F-4","description":""}]""", (await auditor.GetAsync(Path + "?txt=F-4")).Data.GetRawText());
    }

    [Fact]
    public async Task FieldAboveTheLevel_IsNeitherSearchedNorShown()
    {
        var selector = _service.As("acme", "s@example.com", "Selector");

        Assert.Equal("""[{"value":"F-1","label":"Ann Field","description":"Delft"}]""", (await selector.GetAsync(Path + "?txt=F-1")).Data.GetRawText());
        Assert.Equal(0, (await selector.GetAsync(Path + "?txt=gold")).Data.GetArrayLength());
        Assert.Equal(403, (await selector.GetAsync(Path + "?filters={%22grade%22:%22gold%22}")).Status);
    }

    [Fact]
    public async Task DisabledDocument_IsFoundByNobody_WhoeverSearches()
    {
        var selector = _service.As("acme", "s@example.com", "Selector");

        foreach (var caller in (TestCaller[])[_manager, selector])
        {
            Assert.DoesNotContain("Gone", (await caller.GetAsync(Path)).Text, StringComparison.Ordinal);
            Assert.DoesNotContain("Gone", (await caller.GetAsync("/api/method/frappe.desk.search.search_link?doctype=Farmer&txt=Gone")).Text, StringComparison.Ordinal);
        }

        Assert.Equal(403, (await selector.GetAsync(Path + "?filters={%22disabled%22:1}")).Status);
    }

    [Fact]
    public async Task Pages_AreBounded()
    {
        Assert.Equal(1, (await _manager.GetAsync(Path + "?limit=1")).Data.GetArrayLength());
        Assert.Equal(1, (await _manager.GetAsync(Path + "?limit=2&start=2")).Data.GetArrayLength());
        Assert.Equal(417, (await _manager.GetAsync(Path + "?limit=-1")).Status);
        Assert.Equal(417, (await _manager.GetAsync(Path + "?filters={")).Status);
    }

    [Fact]
    public async Task WhoMaySelectNothing_IsRefused()
    {
        Assert.Equal(403, (await _service.As("acme", "eve@example.com", "Nobody").GetAsync(Path)).Status);
        Assert.Equal(401, (await _service.Nobody().GetAsync(Path)).Status);
        Assert.Equal(404, (await _manager.GetAsync("/api/v2/doctype/Nothing/search")).Status);
        Assert.Equal(403, (await _manager.GetAsync("/api/v2/doctype/Plot Helper/search")).Status);
    }

    [Fact]
    public async Task SearchLink_AnswersFrappesForm()
    {
        var found = await _manager.PostAsync("/api/method/frappe.desk.search.search_link", new { doctype = "Farmer", txt = "ann", page_length = 1, filters = new { town = "Delft" }, reference_doctype = "Plot", ignore_user_permissions = 1 });
        var text = await _manager.GetAsync("/api/method/frappe.desk.search.search_link?doctype=Farmer&txt=ann&filters=" + Uri.EscapeDataString(JsonSerializer.Serialize(new { town = "Delft" })));

        Assert.Equal("""[{"value":"F-1","label":"Ann Field","description":"Delft"}]""", found.Json.GetProperty("message").GetRawText());
        Assert.Equal(found.Text, text.Text);
        Assert.Equal(403, (await _service.As("acme", "eve@example.com", "Nobody").GetAsync("/api/method/frappe.desk.search.search_link?doctype=Farmer")).Status);
        Assert.Equal(417, (await _manager.GetAsync("/api/method/frappe.desk.search.search_link?txt=ann")).Status);
    }

    [Fact]
    public async Task QueryVerb_ListsByABody()
    {
        var answer = await QueryAsync(_manager, "/api/v2/document/Farmer", """{"fields":["name","town"],"filters":[["town","is","set"]],"order_by":"name asc","limit":1,"txt":null}""");

        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal("""[{"name":"F-1","town":"Delft"}]""", answer.Data.GetRawText());
        Assert.True(answer.Json.GetProperty("has_next_page").GetBoolean());
        Assert.Equal(0, (await QueryAsync(_service.As("initech"), "/api/v2/document/Farmer", "{}")).Data.GetArrayLength());
        Assert.Equal(417, (await QueryAsync(_manager, "/api/v2/document/Farmer", """{"nothing":1}""")).Status);
        Assert.Equal(400, (await QueryAsync(_manager, "/api/v2/document/Farmer", "[1]")).Status);
        Assert.Equal(400, (await QueryAsync(_manager, "/api/v2/document/Farmer", "")).Status);
        Assert.Equal(403, (await QueryAsync(_service.As("acme", "eve@example.com", "Nobody"), "/api/v2/document/Farmer", "{}")).Status);
        Assert.Equal(401, (await QueryAsync(_service.Nobody(), "/api/v2/document/Farmer", "{}")).Status);
    }

    private static Task<Answer> QueryAsync(TestCaller caller, string path, string body) =>
        caller.SendAsync(new HttpMethod("QUERY"), path, new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
}
