using System.Text.Json;
using Microservices.Data.Sessions;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Framework.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Framework.Tests.Resources;

/// <summary>What hangs on a document, beside it: <c>include</c> of the second API.</summary>
public sealed class DocumentPartsTests : IAsyncLifetime
{
    private const string Path = "/api/v2/document/Plot/P-1?include=";

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
        foreach (var (tenant, farmer) in ((string, string)[])[("acme", "Ann"), ("globex", "Their Ann")])
        {
            var caller = _service.As(tenant);
            await Isolation.Bank.Created(caller.PostAsync("/api/resource/Farmer", new { code = "F-1", full_name = farmer }));
            await Isolation.Bank.Created(caller.PostAsync("/api/resource/Farmer", new { code = "F-2", full_name = farmer + " hidden", retired = true }));
            await Isolation.Bank.Created(caller.PostAsync("/api/resource/Plot", new { code = "P-1", farmer = "F-1", helpers = new[] { new { farmer = "F-2" } } }));
            await Isolation.Bank.Created(caller.PostAsync("/api/resource/Comment", new { reference_doctype = "Plot", reference_name = "P-1", content = $"said in {tenant}" }));
            Assert.Equal(200, (await caller.PostAsync("/api/method/frappe.desk.doctype.tag.tag.add_tag", new { tag = $"tag of {tenant}", dt = "Plot", dn = "P-1" })).Status);
            Assert.Equal(200, (await caller.PostAsync("/api/method/frappe.share.add", new { doctype = "Plot", name = "P-1", user = $"bob@{tenant}", write = 1 })).Status);
        }
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Parts_StandBesideTheDocument()
    {
        var answer = await _manager.GetAsync(Path + "permissions,attachments,%20shares,tags,comments,link_titles");

        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal("P-1", answer.Data.GetProperty("name").GetString());
        Assert.Equal(JsonValueKind.Null, answer.Data.GetProperty("note").ValueKind);
        Assert.Equal(1, answer.Json.GetProperty("permissions").GetProperty("write").GetInt32());
        Assert.Equal(0, answer.Json.GetProperty("attachments").GetArrayLength());
        Assert.Equal("""[{"user":"bob@acme","read":1,"write":1,"submit":0,"share":0}]""", answer.Json.GetProperty("shares").GetRawText());
        Assert.Equal("""["tag of acme"]""", answer.Json.GetProperty("tags").GetRawText());
        var comment = Assert.Single(answer.Json.GetProperty("comments").EnumerateArray());
        Assert.Equal("said in acme", comment.GetProperty("content").GetString());
        Assert.Equal("""{"Farmer::F-1":"Ann","Farmer::F-2":"Ann hidden"}""", answer.Json.GetProperty("link_titles").GetRawText());
        Assert.DoesNotContain("globex", answer.Text, StringComparison.Ordinal);
        Assert.Null(answer.Headers.ETag);
    }

    [Fact]
    public async Task Attachment_IsTold()
    {
        Assert.Equal(200, (await _manager.PostAsync("/api/method/frappe.client.attach_file", new { filename = "map.txt", filedata = "north", doctype = "Plot", docname = "P-1", is_private = 1 })).Status);

        var file = Assert.Single((await _manager.GetAsync(Path + "attachments")).Json.GetProperty("attachments").EnumerateArray());
        Assert.Equal(["file_name", "file_url", "is_private", "name"], file.EnumerateObject().Select(field => field.Name).Order());
        Assert.Equal(0, (await _service.As("globex").GetAsync(Path + "attachments")).Json.GetProperty("attachments").GetArrayLength());
    }

    [Fact]
    public async Task Reader_SeesWhatReadersSee_AndTitlesOnlyOfWhatHeMayRead()
    {
        var reader = _service.As("acme", "r@example.com", "Reader");
        var answer = await reader.GetAsync(Path + "comments,tags,permissions,link_titles");

        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal(1, answer.Json.GetProperty("comments").GetArrayLength());
        Assert.Equal(0, answer.Json.GetProperty("permissions").GetProperty("write").GetInt32());
        Assert.Equal("{}", answer.Json.GetProperty("link_titles").GetRawText());
    }

    [Fact]
    public async Task EachPart_CostsOneQuery()
    {
        var reader = _service.As("acme", "r@example.com", "Reader");
        var pool = _service.Services.GetRequiredService<SessionPool>();
        var plain = await StatementsAsync("");

        foreach (var part in (string[])["permissions", "attachments", "shares", "tags", "comments"])
        {
            Assert.Equal((part, part is "permissions" ? 0 : 1), (part, await StatementsAsync(part) - plain));
        }

        async Task<long> StatementsAsync(string include)
        {
            Assert.Equal(200, (await reader.GetAsync(Path + include)).Status); // what a caller costs once
            var before = pool.Statements;
            Assert.Equal(200, (await reader.GetAsync(Path + include)).Status);
            return pool.Statements - before;
        }
    }

    [Fact]
    public async Task WhoMayNotReadTheDocument_GetsNoPart()
    {
        Assert.Equal(403, (await _service.As("acme", "eve@example.com", "Nobody").GetAsync(Path + "comments")).Status);
        Assert.Equal(404, (await _service.As("initech").GetAsync(Path + "comments")).Status);
        Assert.Equal(401, (await _service.Nobody().GetAsync(Path + "comments")).Status);
    }

    [Theory]
    [InlineData("assignments")]
    [InlineData("tags,seen")]
    [InlineData("%27")]
    [InlineData("Tags")]
    public async Task UnknownPart_Is417_AndNamesThoseThereAre(string include)
    {
        var answer = await _manager.GetAsync(Path + include);

        V2Fixture.AssertError(answer, "UnknownPartError");
        Assert.Contains("link_titles", answer.Json.GetProperty("errors")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoPart_IsThePlainDocument()
    {
        var answer = await _manager.GetAsync(Path + "%20,");
        Assert.Equal(["data"], answer.Json.EnumerateObject().Select(key => key.Name));
        Assert.NotNull(answer.Headers.ETag);
    }
}

[DocType(Naming = "field:code")]
[Permission("System Manager", Rights.All)]
[Permission("Reader", Rights.Read)]
public sealed class Plot : Document
{
    [Field(Required = true)]
    public string Code { get; set; } = "";

    public string? Note { get; set; }

    [Link("Farmer")]
    public string? Farmer { get; set; }

    [Table]
    public List<PlotHelper> Helpers { get; set; } = [];
}

[DocType("Plot Helper")]
public sealed class PlotHelper : Document
{
    [Link("Farmer")]
    public string? Farmer { get; set; }
}

[DocType(Naming = "field:code", TitleField = "full_name", SearchFields = ["town", "grade"])]
[Permission("System Manager", Rights.All)]
[Permission("Auditor", Rights.Read | Rights.Write, PermLevel = 1)]
[Permission("Selector", Rights.Select)]
[Permission("Auditor", Rights.Read)]
public sealed class Farmer : Document
{
    [Field(Required = true)]
    public string Code { get; set; } = "";

    public string? FullName { get; set; }

    public string? Town { get; set; }

    [Field(PermLevel = 1)]
    public string? Grade { get; set; }

    public bool Disabled { get; set; }

    public bool Retired { get; set; }
}
