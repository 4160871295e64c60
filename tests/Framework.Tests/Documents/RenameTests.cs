using System.Globalization;
using Microservices.Data;
using Microservices.DocTypes;
using Microservices.Documents;
using Microservices.Framework.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Microservices.Framework.Tests.Documents;

/// <summary>A rename reaches every place that holds the name, and nothing of another tenant.</summary>
public sealed class RenameTests : IAsyncLifetime
{
    private TestService _service = null!;
    private TestCaller _caller = null!;
    private TestCaller _stranger = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await TestService.StartAsync(service =>
        {
            service.RegisterResource<Port>();
            service.RegisterResource<Ship>();
            service.RegisterJson("""{"doctype":"DocType","name":"Fixed","allow_rename":0,"autoname":"prompt","fields":[{"fieldname":"a","fieldtype":"Data"}]}""");
            service.SecureRoute("POST", "/rename", async (HttpRequest http, TenantDb db, CancellationToken ct) =>
                await db.RenameAsync(http.Query["dt"]!, http.Query["old"]!, http.Query["new"]!, http.Query["merge"] == "1", cancellationToken: ct));
            service.On("Port", DocumentEvent.BeforeRename, (DocumentContext context) => context.Rename!.NewName = context.Rename.NewName.Replace("Newe", "New", StringComparison.Ordinal));
            service.On("Port", DocumentEvent.AfterRename, (DocumentContext context) =>
                context.Document.Name == "Refused" ? throw new Microservices.Errors.ValidationException("on purpose") : ValueTask.CompletedTask);
        });
        _caller = _service.As("acme");
        _stranger = _service.As("globex");
        foreach (var caller in (TestCaller[])[_caller, _stranger])
        {
            await Isolation.Bank.Created(caller.PostAsync("/api/resource/Port", new[] { new { title = "Old", piers = new[] { new { number = 1 } } }, new { title = "Other", piers = new[] { new { number = 2 } } } }));
            await Isolation.Bank.Created(caller.PostAsync("/api/resource/Ship", new { title = "Ida", home = "Old", place_type = "Port", place = "Old", calls = new[] { new { port = "Old" } } }));
            await Isolation.Bank.Created(caller.PostAsync("/api/resource/Comment", new { reference_doctype = "Port", reference_name = "Old", content = "nice" }));
        }
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Rename_ReachesLinksRowsAndWhatHangsOnIt()
    {
        var before = await ShipAsync(_stranger);

        Assert.Equal("New", (await RenameAsync("Port", "Old", "Newe")).Text);

        Assert.Equal(404, (await _caller.GetAsync("/api/resource/Port/Old")).Status);
        var port = (await _caller.GetAsync("/api/resource/Port/New")).Data;
        Assert.Equal("New", port.GetProperty("title").GetString());
        Assert.Equal("New", Assert.Single(port.GetProperty("piers").EnumerateArray()).GetProperty("parent").GetString());
        Assert.Equal("New New New", await ShipAsync(_caller));
        Assert.Equal(["nice", "renamed from Old"], await CommentsAsync("New"));
        Assert.Equal(before, await ShipAsync(_stranger));
        Assert.Equal(200, (await _stranger.GetAsync("/api/resource/Port/Old")).Status);
    }

    [Fact]
    public async Task Merge_GivesAllThatPointsHereToTheOther()
    {
        Assert.Equal("Other", (await RenameAsync("Port", "Old", "Other", merge: true)).Text);

        Assert.Equal(404, (await _caller.GetAsync("/api/resource/Port/Old")).Status);
        Assert.Equal(2, Assert.Single((await _caller.GetAsync("/api/resource/Port/Other")).Data.GetProperty("piers").EnumerateArray()).GetProperty("number").GetInt32());
        Assert.Equal("Other Other Other", await ShipAsync(_caller));
        Assert.Equal(["merged from Old", "nice"], await CommentsAsync("Other"));
        Assert.Equal(0, await _service.Database.ScalarAsync<int>("select count(*) from `tabPort Pier` where `parent`='Old' and `tenant_id`='acme'"));
    }

    [Theory]
    [InlineData("Port", "Old", "Old", false, 417, "ValidationError")]
    [InlineData("Port", "Old", "Other", false, 417, "ValidationError")]
    [InlineData("Port", "Old", "Nowhere", true, 417, "ValidationError")]
    [InlineData("Port", "Old", "old", true, 417, "ValidationError")]
    [InlineData("Port", "Nosuch", "New", false, 404, "DoesNotExistError")]
    [InlineData("Port", "Old", "a<b", false, 409, "NameError")]
    [InlineData("Port", "Old", "Port", false, 409, "NameError")]
    [InlineData("Port", "Old", " ", false, 417, "ValidationError")]
    [InlineData("Port", "Old", "LONG", false, 417, "CharacterLengthExceededError")]
    [InlineData("Port", "Old", "Refused", false, 417, "ValidationError")]
    [InlineData("Fixed", "f", "g", false, 417, "ValidationError")]
    [InlineData("Port Pier", "f", "g", false, 417, "ValidationError")]
    [InlineData("Comment", "f", "g", false, 417, "ValidationError")]
    [InlineData("Nosuch", "f", "g", false, 404, "DoesNotExistError")]
    public async Task RenameThatMayNotBe_ChangesNothing(string docType, string name, string newName, bool merge, int status, string error)
    {
        var answer = await RenameAsync(docType, name, newName == "LONG" ? new string('n', 141) : newName, merge);

        Assert.Equal(status, answer.Status);
        Assert.Equal(error, answer.ErrorType);
        Assert.Equal("Old Old Old", await ShipAsync(_caller));
        Assert.Equal(["nice"], await CommentsAsync("Old"));
    }

    [Fact]
    public async Task RenameWithoutWriteRight_Is417_AndOfAnotherTenant404()
    {
        var reader = _service.As("acme", "r@example.com", "Reader");
        Assert.Equal("ValidationError", (await reader.PostAsync("/rename?dt=Port&old=Old&new=New", new { })).ErrorType);
        Assert.Equal(404, (await _service.As("initech").PostAsync("/rename?dt=Port&old=Old&new=New", new { })).Status);
    }

    [Theory]
    [InlineData("OLD")]
    [InlineData("O'ld \"%/\\ 港")]
    public async Task NameOfAnySpelling_IsTaken(string name)
    {
        Assert.Equal(200, (await RenameAsync("Port", "Old", name)).Status);
        Assert.Equal($"{name} {name} {name}", await ShipAsync(_caller));
        Assert.Equal(name, (await _caller.GetAsync("/api/resource/Port/" + Uri.EscapeDataString(name))).Data.GetProperty("name").GetString());
    }

    [Fact]
    public async Task DeletedDocument_TakesWithItWhatHungOnIt()
    {
        Assert.Equal(202, (await _caller.DeleteAsync("/api/resource/Ship/Ida")).Status);
        Assert.Equal(202, (await _caller.DeleteAsync("/api/resource/Port/Old")).Status);
        Assert.Empty(await CommentsAsync("Old"));
        Assert.Equal(1, await _service.Database.ScalarAsync<int>("select count(*) from `tabComment` where `reference_name`='Old'"));
    }

    private Task<Answer> RenameAsync(string docType, string name, string newName, bool merge = false) =>
        _caller.PostAsync(string.Create(CultureInfo.InvariantCulture, $"/rename?dt={Uri.EscapeDataString(docType)}&old={Uri.EscapeDataString(name)}&new={Uri.EscapeDataString(newName)}&merge={(merge ? 1 : 0)}"), new { });

    private static async Task<string> ShipAsync(TestCaller caller)
    {
        var ship = (await caller.GetAsync("/api/resource/Ship/Ida")).Data;
        return $"{ship.GetProperty("home").GetString()} {ship.GetProperty("place").GetString()} {ship.GetProperty("calls")[0].GetProperty("port").GetString()}";
    }

    private async Task<IEnumerable<string>> CommentsAsync(string port) =>
        (await _caller.GetAsync($$"""/api/resource/Comment?fields=["content"]&filters={"reference_doctype":"Port","reference_name":"{{port}}"}""")).Data
            .EnumerateArray().Select(comment => comment.GetProperty("content").GetString()!).Order(StringComparer.Ordinal);

    [DocType(Naming = "field:title")]
    [Permission("System Manager", Rights.All)]
    [Permission("Reader", Rights.Read)]
    public sealed class Port : Document
    {
        [Field(Required = true, Unique = true)]
        public string Title { get; set; } = "";

        [Table]
        public List<PortPier> Piers { get; set; } = [];
    }

    [DocType("Port Pier")]
    public sealed class PortPier : Document
    {
        public int Number { get; set; }
    }

    [DocType(Naming = "field:title")]
    public sealed class Ship : Document
    {
        public string Title { get; set; } = "";

        [Link("Port")]
        public string? Home { get; set; }

        public string? PlaceType { get; set; }

        [FrappeType(FieldType.DynamicLink, "place_type")]
        public string? Place { get; set; }

        [Table]
        public List<ShipCall> Calls { get; set; } = [];
    }

    [DocType("Ship Call")]
    public sealed class ShipCall : Document
    {
        [Link("Port")]
        public string? Port { get; set; }
    }
}
