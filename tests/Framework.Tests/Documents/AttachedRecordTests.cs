using System.Text.Json;
using Microservices.DocTypes;
using Microservices.Documents;
using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Documents;

/// <summary>Versions and comments: whose they are, who sees them, and what they never show.</summary>
public sealed class AttachedRecordTests : IAsyncLifetime
{
    private const string Letters = "/api/resource/Letter";
    private TestService _service = null!;
    private TestCaller _manager = null!;
    private TestCaller _clerk = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await TestService.StartAsync(service => service.RegisterResource<Letter>());
        _manager = _service.As("acme", "boss@example.com", "System Manager", "Censor");
        _clerk = _service.As("acme", "clerk@example.com", "Clerk");
        await Isolation.Bank.Created(_clerk.PostAsync(Letters, new { subject = "one", pages = new[] { new { heading = "a" }, new { heading = "b" } } }));
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task TrackedUpdate_KeepsWhoAndWhichFields()
    {
        await _clerk.PutAsync(Letters + "/one", new { body = "hello", pages = new object[] { new { heading = "c" } } });

        var row = Assert.Single(await ListAsync(_clerk, "Version", "ref_doctype", "docname", "one"));
        Assert.Equal("clerk@example.com", row.GetProperty("owner").GetString());
        Assert.StartsWith("test-", row.GetProperty("name").GetString(), StringComparison.Ordinal);
        var version = await _clerk.GetAsync("/api/resource/Version/" + row.GetProperty("name").GetString());
        var data = JsonDocument.Parse(version.Data.GetProperty("data").GetString()!).RootElement;
        Assert.Equal("""["body",null,"hello"]""", Assert.Single(data.GetProperty("changed").EnumerateArray()).GetRawText());
        Assert.Equal(1, data.GetProperty("added").GetArrayLength());
        Assert.Equal(2, data.GetProperty("removed").GetArrayLength());
    }

    [Fact]
    public async Task ChangedRow_IsKeptWithItsPositionAndName()
    {
        var pages = (await _clerk.GetAsync(Letters + "/one")).Data.GetProperty("pages");
        var second = pages[1].GetProperty("name").GetString();
        await _clerk.PutAsync(Letters + "/one", new { pages = new object[] { new { name = pages[0].GetProperty("name").GetString(), heading = "a" }, new { name = second, heading = "B" } } });

        var version = await _clerk.GetAsync("/api/resource/Version?fields=*&filters={\"ref_doctype\":\"Letter\",\"docname\":\"one\"}");
        var data = JsonDocument.Parse(version.Data[0].GetProperty("data").GetString()!).RootElement;
        Assert.Equal($$"""["pages",1,"{{second}}",[["heading","b","B"]]]""", Assert.Single(data.GetProperty("row_changed").EnumerateArray()).GetRawText());
    }

    [Fact]
    public async Task UpdateThatChangesNothing_AndInsert_KeepNoVersion()
    {
        await _clerk.PutAsync(Letters + "/one", new { subject = "one" });
        Assert.Empty(await ListAsync(_clerk, "Version", "ref_doctype", "docname", "one"));
    }

    [Fact]
    public async Task Version_NeverShowsWhatTheReaderMayNotSee()
    {
        await _manager.PutAsync(Letters + "/one", new { grade = "top-grade", seal = "s3cret" });

        foreach (var caller in (TestCaller[])[_clerk, _manager])
        {
            var list = await caller.GetAsync("/api/resource/Version?fields=*&filters={\"ref_doctype\":\"Letter\",\"docname\":\"one\"}");
            var one = await caller.GetAsync("/api/resource/Version/" + list.Data[0].GetProperty("name").GetString());
            Assert.DoesNotContain("s3cret", list.Text + one.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("top-grade", list.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("restricted", list.Text + one.Text, StringComparison.Ordinal);
            Assert.Equal(caller == _manager, one.Text.Contains("top-grade", StringComparison.Ordinal));
            Assert.Contains("********", one.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Versions_AreWrittenByNobody()
    {
        foreach (var caller in (TestCaller[])[_clerk, _manager])
        {
            Assert.Equal(405, (await caller.PostAsync("/api/resource/Version", new { ref_doctype = "Letter", docname = "one" })).Status);
            Assert.Equal(405, (await caller.PutAsync("/api/resource/Version/x", new { data = "{}" })).Status);
        }
    }

    [Theory]
    [InlineData("Version", "ref_doctype", "docname")]
    [InlineData("Comment", "reference_doctype", "reference_name")]
    [InlineData("Tag Link", "document_type", "document_name")]
    public async Task List_NamesOneDocumentThatTheCallerMayRead(string docType, string typeField, string nameField)
    {
        Assert.Equal(200, (await _manager.GetAsync($"/api/resource/{docType}")).Status);
        foreach (var filters in (string[])["{}", $$"""{"{{typeField}}":"Letter"}""", $$"""{"{{typeField}}":"Letter","{{nameField}}":["like","%"]}""", $$"""{"{{typeField}}":"Letter","{{nameField}}":["in",["one"]]}"""])
        {
            Assert.Equal(403, (await _clerk.GetAsync($"/api/resource/{docType}?filters={filters}")).Status);
        }

        Assert.Equal(200, (await _clerk.GetAsync($"/api/resource/{docType}?{typeField}=Letter&{nameField}=one")).Status);
        foreach (var caller in (TestCaller[])[_service.As("acme", "x@example.com", "Nobody"), _service.As("globex", "clerk@example.com", "Clerk")])
        {
            var refused = await caller.GetAsync($"/api/resource/{docType}?{typeField}=Letter&{nameField}=one");
            var missing = await caller.GetAsync($"/api/resource/{docType}?{typeField}=Letter&{nameField}=two");
            Assert.Equal(404, refused.Status);
            Assert.Equal(missing.Json.GetProperty("message").GetString()!.Replace("two", "one", StringComparison.Ordinal), refused.Json.GetProperty("message").GetString());
        }

        foreach (var stranger in (string[])["Nosuch", "letter", "Letter Page", "Letter' or 1=1 -- "])
        {
            Assert.Equal(404, (await _clerk.GetAsync($"/api/resource/{docType}?{typeField}={Uri.EscapeDataString(stranger)}&{nameField}=one")).Status);
        }
    }

    [Fact]
    public async Task Comment_IsForReaders_AndItsAuthorsToChange()
    {
        var reader = _service.As("acme", "reader@example.com", "Reader");
        var comment = await Isolation.Bank.Created(reader.PostAsync("/api/resource/Comment", new { reference_doctype = "Letter", reference_name = "one", content = "well", comment_email = "forged@example.com" }));
        var path = "/api/resource/Comment/" + comment.Data.GetProperty("name").GetString();

        Assert.Equal("Comment", comment.Data.GetProperty("comment_type").GetString());
        Assert.Equal("reader@example.com", comment.Data.GetProperty("comment_email").GetString());
        Assert.Equal("well", (await _clerk.GetAsync(path)).Data.GetProperty("content").GetString());
        Assert.Equal(403, (await _clerk.PutAsync(path, new { content = "mine" })).Status);
        Assert.Equal(403, (await _clerk.DeleteAsync(path)).Status);
        Assert.Equal(417, (await reader.PutAsync(path, new { reference_name = "two" })).Status);
        Assert.Equal(200, (await reader.PutAsync(path, new { content = "better" })).Status);
        foreach (var stranger in (TestCaller[])[_service.As("acme", "x@example.com", "Nobody"), _service.As("globex", "reader@example.com", "Reader")])
        {
            Assert.Equal(404, (await stranger.GetAsync(path)).Status);
            Assert.Equal(404, (await stranger.PutAsync(path, new { content = "x" })).Status);
            Assert.Equal(404, (await stranger.DeleteAsync(path)).Status);
            Assert.Equal(404, (await stranger.PostAsync("/api/resource/Comment", new { reference_doctype = "Letter", reference_name = "one", content = "x" })).Status);
        }

        Assert.Equal(202, (await reader.DeleteAsync(path)).Status);
    }

    [Fact]
    public async Task Manifest_MarksWhatEveryServiceHas()
    {
        var manifest = (await _service.Nobody().GetAsync("/.well-known/microservice")).Json.GetProperty("docTypes").EnumerateArray().ToDictionary(entry => entry.GetProperty("name").GetString()!, entry => entry.GetProperty("shared").GetBoolean());
        Assert.False(manifest["Letter"]);
        Assert.True(manifest["Version"] && manifest["Comment"] && manifest["Tag Link"]);
    }

    private static async Task<List<JsonElement>> ListAsync(TestCaller caller, string docType, string typeField, string nameField, string name)
    {
        var answer = await caller.GetAsync($$"""/api/resource/{{docType}}?fields=*&filters={"{{typeField}}":"Letter","{{nameField}}":"{{name}}"}""");
        Assert.True(answer.Status == 200, answer.Text);
        return [.. answer.Data.EnumerateArray()];
    }

    [DocType(Naming = "field:subject", TrackChanges = true)]
    [Permission("System Manager", Rights.All)]
    [Permission("Clerk", Rights.Read | Rights.Write | Rights.Create)]
    [Permission("Reader", Rights.Read)]
    [Permission("Censor", Rights.Read | Rights.Write, PermLevel = 1)]
    public sealed class Letter : Document
    {
        [Field(Required = true)]
        public string Subject { get; set; } = "";

        [Text]
        public string? Body { get; set; }

        [Field(PermLevel = 1)]
        public string? Grade { get; set; }

        [FrappeType(FieldType.Password)]
        public string? Seal { get; set; }

        [Table]
        public List<LetterPage> Pages { get; set; } = [];
    }

    [DocType("Letter Page")]
    public sealed class LetterPage : Document
    {
        public string? Heading { get; set; }
    }
}
