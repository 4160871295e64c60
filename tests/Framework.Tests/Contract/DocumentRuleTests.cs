using System.Text.Json;

namespace Microservices.Framework.Tests.Contract;

/// <summary>Documents of DocTypes from JSON: defaults, what the server enforces and what it only tells, and names.</summary>
public sealed class DocumentRuleTests(ContractFixture fixture) : IClassFixture<ContractFixture>
{
    private const string Devices = "/api/resource/Device";

    [Fact]
    public async Task Defaults_FillANewDocument()
    {
        var device = (await Isolation.Bank.Created(fixture.Acme.PostAsync(Devices, new { name = "defaults", made_on = (string?)null }))).Data;
        Assert.Equal(("ann@example.com", "New"), (device.GetProperty("by").GetString(), device.GetProperty("state").GetString()));
        Assert.Matches(@"^\d{4}-\d\d-\d\d$", device.GetProperty("made_on").GetString());
        Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", device.GetProperty("made_at").GetString());
        Assert.False(device.TryGetProperty("home", out _)); // ":Maker" has no meaning here
        Assert.False(device.TryGetProperty("title", out _)); // nor has not_nullable
        Assert.Equal("hello", (await fixture.Acme.GetAsync("/api/resource/Setup/Setup")).Data.GetProperty("motto").GetString());
        Assert.False((await fixture.Acme.PutAsync(Devices + "/defaults", new { state = "", by = (string?)null })).Data.TryGetProperty("by", out _));
    }

    [Fact]
    public async Task ReadOnlyHiddenAndDependsOn_AreToldAndNotEnforced()
    {
        var device = await fixture.Acme.PostAsync(Devices, new { name = "told", title = "t", shown = "s", veiled = "v" });
        Assert.True(device.Status == 201, device.Text);
        Assert.Equal(("s", "v"), (device.Data.GetProperty("shown").GetString(), device.Data.GetProperty("veiled").GetString()));
        Assert.Equal("y", (await fixture.Acme.PutAsync(Devices + "/told", new { why = "y", flags = new { ignore_permissions = 1 } })).Data.GetProperty("why").GetString());
    }

    [Theory]
    [InlineData("3", "1.0")]
    [InlineData("-3", "0.0")]
    [InlineData("0.6", "0.6")]
    [InlineData("null", "0.0")]
    public async Task Rating_StaysBetweenZeroAndOne(string sent, string kept)
    {
        var answer = await fixture.Acme.PostAsync(Devices, JsonDocument.Parse($$"""{"name":"stars {{sent}}","stars":{{sent}}}""").RootElement);
        Assert.Equal(kept, answer.Data.GetProperty("stars").GetRawText());
    }

    [Fact]
    public async Task ClientsKeys_DoNotCount()
    {
        var made = (await Isolation.Bank.Created(fixture.Acme.PostAsync(Devices, JsonDocument.Parse(
            """{"name":"ignored","__newname":"asked","__islocal":1,"__unsaved":1,"owner":"eve","creation":"2000-01-01","idx":5,"story":"<img src=\"data:image/png;base64,AA\">","parts":[{"label":"a","idx":7,"owner":"eve","name":"mine"}]}""").RootElement))).Data;
        Assert.Equal(("asked", "ann@example.com", 0), (made.GetProperty("name").GetString(), made.GetProperty("owner").GetString(), made.GetProperty("idx").GetInt32()));
        var part = made.GetProperty("parts")[0];
        Assert.Equal((1, "ann@example.com", false, false), (part.GetProperty("idx").GetInt32(), part.GetProperty("owner").GetString(), part.GetProperty("name").GetString() == "mine", part.TryGetProperty("__unsaved", out _)));
        Assert.Contains("base64,AA", made.GetProperty("story").GetString(), StringComparison.Ordinal); // pictures stay in their text
        var updated = await fixture.Acme.PutAsync(Devices + "/asked", new { owner = "eve", creation = "2000-01-01" });
        Assert.Equal((200, made.GetProperty("creation").GetString()), (updated.Status, updated.Data.GetProperty("creation").GetString()));
    }

    [Theory]
    [InlineData("""{"name":"New Device"}""", "NameError")]
    [InlineData("""{"name":"New Device 1"}""", "NameError")]
    [InlineData("""{"name":"Device"}""", "NameError")]
    [InlineData("""{"name":"a>b"}""", "NameError")]
    [InlineData("""{"name":"w1","stars":["1"]}""", "DataError")]
    [InlineData("""{"name":"w2","maker":["Delft"]}""", "DataError")]
    [InlineData("""{"name":"w3","maker":{"name":"Delft"}}""", "DataError")]
    [InlineData("""{"name":"w4","maker":"Nowhere"}""", "LinkValidationError")]
    [InlineData("""{"name":"w5","state":"Broken"}""", "ValidationError")]
    public async Task WrongDocument_IsRefused(string body, string type) =>
        Assert.Equal(type, (await fixture.Acme.PostAsync(Devices, JsonDocument.Parse(body).RootElement)).ErrorType);

    [Fact]
    public async Task List_IgnoresTheSortOfTheDocType_AndNoCopyIsLeftOutOfCopies()
    {
        Assert.Equal("d2 d1", string.Join(' ', (await fixture.Rival.GetAsync(Devices)).Data.EnumerateArray().Select(row => row.GetProperty("name").GetString())));
        await Isolation.Bank.Created(fixture.Acme.PostAsync(Devices, new { name = "copied", serial = "4711", title = "t" }));
        var copy = (await fixture.Acme.GetAsync("/api/v2/document/Device/copied/copy")).Data;
        Assert.Equal(("t", false), (copy.GetProperty("title").GetString(), copy.TryGetProperty("serial", out _)));
        Assert.Equal(404, (await fixture.Rival.GetAsync("/api/v2/document/Device/copied/copy")).Status);
    }

    [Fact]
    public async Task AmendmentOfADocument_IsFound()
    {
        await Isolation.Bank.Created(fixture.Acme.PostAsync(Devices, new { name = "deal", docstatus = 1 }));
        const string Asked = "/api/method/frappe.client.is_document_amended?doctype=Device&docname=deal";
        Assert.Equal("{}", (await fixture.Acme.GetAsync(Asked)).Text);
        Assert.Equal(2, (await fixture.Acme.PutAsync(Devices + "/deal", new { docstatus = 2 })).Data.GetProperty("docstatus").GetInt32());
        await Isolation.Bank.Created(fixture.Acme.PostAsync(Devices, new { amended_from = "deal" }));
        Assert.Equal("""{"message":"deal-1"}""", (await fixture.Acme.GetAsync(Asked)).Text);
        Assert.Equal("{}", (await fixture.Rival.GetAsync(Asked)).Text);
    }

    [Theory]
    [InlineData("/api/resource/Device/NAME?run_method=discard", "data")]
    [InlineData("/api/v2/document/Device/NAME/method/discard", "data")]
    [InlineData("/api/method/run_doc_method?dt=Device&dn=NAME&method=discard", "message")]
    public async Task Draft_IsDiscardedByAMethod(string path, string key)
    {
        var name = "draft" + path.Length;
        await Isolation.Bank.Created(fixture.Acme.PostAsync(Devices, new { name, parts = new[] { new { label = "p" } } }));
        path = path.Replace("NAME", name, StringComparison.Ordinal);
        Assert.Equal(403, (await fixture.Acme.GetAsync(path)).Status);
        Assert.Equal(404, (await fixture.Rival.SendAsync(HttpMethod.Post, path, null)).Status);
        Assert.Equal(403, (await fixture.Service.As("acme", "x@example.com", "Nobody").SendAsync(HttpMethod.Post, path, null)).Status);
        Assert.Equal(0, (await fixture.Acme.GetAsync($"{Devices}/{name}")).Data.GetProperty("docstatus").GetInt32());

        var answer = await fixture.Acme.SendAsync(HttpMethod.Post, path, null);
        Assert.True(answer.Status == 200, answer.Text);
        Assert.False(answer.Json.TryGetProperty(key, out _));
        Assert.True(!answer.Json.TryGetProperty("docs", out var docs) || docs[0].GetProperty("docstatus").GetInt32() == 2);
        Assert.Equal(2, (await fixture.Acme.GetAsync($"{Devices}/{name}")).Data.GetProperty("docstatus").GetInt32());
        Assert.Equal(417, (await fixture.Acme.SendAsync(HttpMethod.Post, path, null)).Status);
        Assert.Equal(404, (await fixture.Acme.SendAsync(HttpMethod.Post, "/api/v2/document/Maker/Delft/method/discard", null)).Status);
    }
}
